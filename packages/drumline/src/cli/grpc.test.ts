import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { closeAfterEach } from '../../../../test/contract/support/closing.js';
import { compile, reflection } from '../../../../test/contract/support/grpc-reflection.js';
import {
  clientStream,
  serverStream,
  serveGrpc,
  unary,
  type GrpcServerOptions,
} from '../../../../test/contract/support/grpc-servers.js';
import { closedPort } from '../../../../test/contract/support/servers.js';
import { errorOf } from '../../test/error-of.js';
import { runCli, temporaryDirectory, type CliOutcome } from '../../test/run-cli.js';

const PROTO = fileURLToPath(new URL('../../test/grpc/bank.proto', import.meta.url));
const TYPES = fileURLToPath(new URL('../../test/grpc/bank-types.txt', import.meta.url));

const SCENARIO = `import { grpc, scenario, user } from 'drumline';
const accounts = grpc.load('bank.proto').service('bank.Accounts');
const teller = user('teller', {
  tasks: {
    async look({ check }) {
      const reply = await accounts.call('GetBalances', { ids: [1, 2n, '3'], kind: 'CURRENT', asOf: new Date() });
      check(reply, { 'all there': ({ message }) => message?.balances[0]?.cents.toNumber() === 10 });
      reply.message?.notes['a']?.seal.byteLength.toFixed();
      reply.message?.balances[0]?.owner?.trim();
      for await (const booking of accounts.stream('Watch', { id: 7 })) booking.at?.nanos.toFixed();
      await accounts.send('Deposit', [{ accountId: 1, cents: 5 }]);
    },
  },
});
export default scenario({ target: 'http://localhost:50051', users: [teller] });
`;

describe('drumline grpc types', () => {
  test('writes formatted declarations (UPDATE_DOCS=1 regenerates them)', async () => {
    const { exitCode, stdout, stderr } = await runCli(['grpc', 'types', PROTO]);
    if (process.env['UPDATE_DOCS']) await writeFile(TYPES, stdout);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(await readFile(TYPES, 'utf8'));
  });

  test('turns a wrong method or field in a scenario into a compile error', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, stdout } = await runCli(['grpc', 'types', PROTO, '-o', 'bank.d.ts'], {
      cwd: directory.path,
    });
    expect([exitCode, stdout]).toEqual([0, 'Wrote bank.d.ts: bank.Accounts.\n']);
    await copyFile(PROTO, directory.at('bank.proto'));
    const mistakes: [from: string, to: string, message: string][] = [
      ['', '', ''],
      ['ids: [1', 'idz: [1', "'idz'"],
      ["'GetBalances'", "'GetBalance'", '"GetBalance"'],
      ["kind: 'CURRENT'", "kind: 'CURENT'", '"CURENT"'],
      ['cents.toNumber()', 'sents', "'sents'"],
      ['owner?.trim', 'owner.trim', 'possibly'],
      ["stream('Watch'", "stream('GetBalances'", '"GetBalances"'],
    ];
    for (const [index, [from, to]] of mistakes.entries())
      await writeFile(directory.at(`made-${index}.ts`), SCENARIO.replace(from, to));
    const imports = mistakes.map((_, index) => `import './made-${index}.js';\n`).join('');
    await writeFile(directory.at('scenario.ts'), `${imports}export { default } from './made-0.js';\n`);
    const { stderr } = await runCli(['check', 'scenario.ts'], { cwd: directory.path });
    const errors = stderr.split('\n').filter((line) => line.includes(': error TS'));
    for (const [index, [, , message]] of mistakes.entries()) {
      const made = errors.filter((line) => line.includes(`made-${index}.ts(`)).join('\n');
      expect(made).toContain(message);
      expect(made === '').toBe(message === '');
    }
    expect(errors[0]).toMatch(/made-1\.ts\(6,\d+\): error TS\d+: /);
  });

  test('reports the place of a syntax error', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('a.proto'), 'syntax = "proto3";\nmessage A {\n  string = 1;\n}\n');
    const { exitCode, stdout, stderr } = await runCli(['grpc', 'types', 'a.proto'], { cwd: directory.path });
    expect([exitCode, stdout, stderr]).toEqual([3, '', "error: a.proto:3: illegal name '='\n"]);
  });
});

const { root } = protobuf.parse(await readFile(PROTO, 'utf8'), new protobuf.Root());
root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')!.nested!);
root.resolveAll();

function encoded(type: string, message: object): Buffer {
  return Buffer.from(root.lookupType(type).encode(message).finish());
}

function decoded(type: string, bytes: Uint8Array): Record<string, unknown> {
  return root.lookupType(type).decode(bytes).toJSON();
}

/** A `google.rpc.Status` with an ErrorInfo whose reason is ACCOUNT_FROZEN. */
const FROZEN = Buffer.from(
  '0809120666726f7a656e1a3e0a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e4572726f72496e666f12120a0e4143434f554e545f46524f5a454e1200',
  'hex',
);

describe('drumline grpc', () => {
  const closing = closeAfterEach();

  /** @returns the target */
  async function serveBank(options: GrpcServerOptions = {}, reflects = true): Promise<string> {
    const files = compile({ 'bank.proto': await readFile(PROTO, 'utf8') });
    const methods = {
      ...(reflects ? reflection('v1', files) : {}),
      '/bank.Accounts/GetBalances': unary((call, answer) => {
        const { ids = [] } = decoded('bank.BalancesRequest', call.request) as { ids?: string[] };
        if (ids.length > 0) {
          const owner = call.metadata.get('tenant').join();
          answer(
            null,
            encoded('bank.BalancesReply', {
              balances: ids.map((id) => ({ id: Number(id), kind: 1, owner })),
            }),
          );
          return;
        }
        const error = Object.assign(new Error('frozen'), {
          code: 9,
          details: 'frozen',
          metadata: call.metadata.clone(),
        });
        error.metadata.set('grpc-status-details-bin', FROZEN);
        answer(error);
      }),
      '/bank.Accounts/Watch': serverStream((call) => {
        for (const cents of [5, 7]) call.write(encoded('bank.Booking', { cents, at: { seconds: 1 } }));
        call.end();
      }),
      '/bank.Accounts/Deposit': clientStream((call, answer) => {
        let cents = 0;
        call.on('data', (bytes: Buffer) => (cents += Number(decoded('bank.Booking', bytes)['cents'])));
        call.on('end', () => answer(null, encoded('bank.Balance', { cents })));
      }),
    };
    return (await closing(serveGrpc(methods, options))).origin.replace('http://', '');
  }

  const call = async (target: string, method: string, ...args: string[]): Promise<CliOutcome> =>
    await runCli(['grpc', 'call', target, `bank.Accounts/${method}`, ...args]);

  test('list shows the services that a server reflects', async () => {
    const target = await serveBank();
    const all = await runCli(['grpc', 'list', target]);
    expect([all.exitCode, all.stderr]).toEqual([0, '']);
    expect(all.stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      'bank.Accounts',
      'GetBalances unary',
      'Watch server stream',
      'Deposit client stream',
      '',
    ]);
    const one = await runCli(['grpc', 'list', target, 'bank.Accounts']);
    expect(one.stdout).toContain('  rpc Deposit(stream bank.Booking) returns (bank.Balance);');
    expect(one.stdout).toContain(
      'message bank.BalancesReply.Note {\n  bytes seal = 1;\n  string plain = 2; // one of text\n',
    );
    expect(one.stdout).toContain('  google.protobuf.Timestamp as_of = 3;');
    const none = await errorOf(['grpc', 'list', target, 'bank.Acounts']);
    expect([none.exitCode, none.message]).toEqual([
      2,
      'there is no service bank.Acounts: the schema has bank.Accounts',
    ]);
  });

  test('call sends a message with metadata and prints the reply as JSON', async () => {
    const metadata = ['-m', 'tenant=a=1,2, tenant = b'];
    const { exitCode, stdout, stderr } = await call(
      await serveBank(),
      'GetBalances',
      '-d',
      '{"ids": [7]}',
      ...metadata,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ balances: [{ id: '7', kind: 'CURRENT', owner: 'a=1,2, b' }] });
  });

  test('call decodes base64 for metadata whose name ends with -bin', async () => {
    const target = await serveBank();
    const send = (value: string) =>
      call(target, 'GetBalances', '-d', '{"ids": [7]}', '-m', `raw-bin=${value}`);
    for (const value of ['AAEC', ' _-8 ', '_-8=', '']) expect((await send(value)).exitCode).toBe(0);
    for (const value of ['a,b', 'A', 'AAAAA']) {
      const wrong = await send(value);
      expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('raw-bin is not base64')]);
    }
  });

  test('call prints each reply of a stream, and sends a stream from an array', async () => {
    const target = await serveBank({}, false);
    const watched = await call(target, 'Watch', '--proto', PROTO);
    expect(JSON.parse(`[${watched.stdout.replaceAll('}\n{', '},{')}]`)).toEqual([
      { cents: '5', at: '1970-01-01T00:00:01Z' },
      { cents: '7', at: '1970-01-01T00:00:01Z' },
    ]);
    const deposited = await runCli(
      ['grpc', 'call', target, 'bank.Accounts/Deposit', '--proto', PROTO, '--data', '-'],
      { input: '[{"cents": 5}, {"cents": "8"}]' },
    );
    expect(JSON.parse(deposited.stdout)).toEqual({ cents: '13' });
  });

  test('call prints a failure with its details, and exits with code 1', async () => {
    const { exitCode, stdout, stderr } = await call(await serveBank(), 'GetBalances');
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      'FAILED_PRECONDITION (9): frozen\n  google.rpc.ErrorInfo {"reason":"ACCOUNT_FROZEN"}\n',
    ]);
  });

  test('call uses TLS: with a given authority, or without verifying the certificate', async () => {
    const identity = makeCertificate({ commonName: 'localhost' });
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('ca.pem'), identity.cert);
    const target = await serveBank({ identity });
    const data = ['-d', '{"ids": [7]}'];
    expect((await call(target, 'GetBalances', ...data, '--ca', directory.at('ca.pem'))).exitCode).toBe(0);
    expect((await call(target, 'GetBalances', ...data, '--insecure-skip-verify')).exitCode).toBe(0);
    const distrusted = await call(target, 'GetBalances', ...data, '--proto', PROTO);
    expect([distrusted.exitCode, distrusted.stderr]).toEqual([
      1,
      expect.stringMatching(/^UNAVAILABLE \(14\): TLS: /),
    ]);
  });

  test('call without a schema reports that the server has no reflection service', async () => {
    const { exitCode, stdout, stderr } = await call(await serveBank({}, false), 'GetBalances');
    expect(stderr).toContain('the server has no reflection service');
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  test.each([
    ['an unknown method', ['-d', '{}', 'x'], "does not accept the argument 'x'"],
    [
      'a wrong field',
      ['-d', '{"idz": [1]}'],
      'idz: bank.BalancesRequest has no such field; did you mean ids?',
    ],
    ['no JSON', ['-d', '{ids}'], '--data: not valid JSON: '],
    ['a missing file', ['-d', '@gone.json'], '--data: the file cannot be read: '],
    ['many messages where one is taken', ['-d', '[{}]'], 'takes one message, not an array'],
    ['metadata without a name', ['-m', 'x'], "--metadata: 'x' is not NAME=VALUE"],
    ['metadata of the protocol', ['-m', 'grpc-timeout=1'], 'grpc-timeout'],
  ])('call rejects %s', async (_, args, text) => {
    const target = await serveBank({}, false);
    const command = ['grpc', 'call', target, 'bank.Accounts/GetBalances', '--proto', PROTO];
    const { exitCode, message } = await errorOf([...command, ...args]);
    expect(message).toContain(text);
    expect(exitCode).toBe(2);
  });

  test('call suggests a method, and reports an unreachable server', async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    const command = ['grpc', 'call', target, 'bank.Accounts/GetBalance', '--proto', PROTO];
    const misspelt = await errorOf(command);
    expect([misspelt.exitCode, misspelt.message, misspelt.hint]).toEqual([
      2,
      'there is no method bank.Accounts/GetBalance',
      'Did you mean bank.Accounts/GetBalances?',
    ]);
    const unreachable = await call(target, 'GetBalances', '--proto', PROTO);
    expect(unreachable.exitCode).toBe(1);
    expect(unreachable.stderr).toMatch(/^UNAVAILABLE \(14\): connection refused \(127\.0\.0\.1:\d+\)\n$/);
  });
});
