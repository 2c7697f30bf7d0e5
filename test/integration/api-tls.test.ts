// The control API over TLS, as commands and programs reach it.
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { ApiError, connect } from 'drumline/client';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { makeCertificate, type Identity } from '../contract/support/certificates.js';
import { ControlClient } from '../support/grpc-control.js';
import { Cluster, Drumline, eventually, scenarioPath, type Ended } from '../support/drumline.js';

async function drumline(args: readonly string[]): Promise<Ended> {
  await using process = new Drumline(args);
  return await process.ended;
}

async function temporary() {
  const path = await mkdtemp(join(tmpdir(), 'drumline-tls-'));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(path, name), text);
    await chmod(join(path, name), 0o600);
    return join(path, name);
  };
  return { write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The common name of the certificate that a new connection gets. */
async function servedName(url: string, ALPNProtocols?: string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const options = { host: hostname, port: Number(port), rejectUnauthorized: false };
  const socket = connectTls({ ...options, ...(ALPNProtocols && { ALPNProtocols }) });
  await once(socket, 'secureConnect');
  const name = String(socket.getPeerCertificate().subject.CN);
  socket.destroy();
  return name;
}

/** Calls over gRPC succeed with the authority only. The health service is there for probes. */
async function overGrpc(address: string, ca: string): Promise<void> {
  using control = new ControlClient(address, ca);
  expect(await control.call('GetStatus')).toMatchObject({ scenario: 'steady.ts' });
  expect(await control.health()).toBe('SERVING');
  using plain = new ControlClient(address);
  await expect(plain.call('GetStatus', {}, { deadlineMs: 2_000 })).rejects.toMatchObject({
    status: status.UNAVAILABLE,
  });
  using distrusting = new ControlClient(
    address,
    makeCertificate({ commonName: 'Other', authority: true }).cert,
  );
  await expect(distrusting.call('GetStatus', {}, { deadlineMs: 2_000 })).rejects.toMatchObject({
    status: status.UNAVAILABLE,
  });
}

test('commands and programs use the control API over TLS, and a new certificate is taken at once', async () => {
  await using files = await temporary();
  const ca = makeCertificate({ commonName: 'Test CA', authority: true });
  const issue = (commonName: string): Identity =>
    makeCertificate({ commonName, hosts: ['127.0.0.1', 'localhost'], issuer: ca });
  const first = issue('first');
  const cert = await files.write('cert.pem', first.cert);
  const key = await files.write('key.pem', first.key);
  const authority = await files.write('ca.pem', ca.cert);
  const target = await startTarget();
  await using _ = { [Symbol.asyncDispose]: () => target.close() };
  await using cluster = await Cluster.start('steady', [
    '-H',
    target.url,
    '-u',
    '2',
    '-t',
    '5m',
    '--tls-cert',
    cert,
    '--tls-key',
    key,
    '--grpc',
    'localhost:0',
  ]);
  const { api } = cluster;
  expect(api).toMatch(/^https:/);
  expect(await servedName(api)).toBe('first');

  const [, grpc] = await cluster.master.prints(/gRPC API at (\S+:\d+)/);
  expect(await servedName(`https://${grpc}`, ['h2'])).toBe('first');

  const trusted = ['--api', api, '--api-ca', authority];
  const status = await drumline(['status', ...trusted, '--json']);
  expect(JSON.parse(status.output)).toMatchObject({ scenario: 'steady.ts' });
  const watching = drumline(['watch', ...trusted, '--json']);

  // Without the authority, and with another scheme, the message says what to do.
  const distrusting = await drumline(['status', '--api', api]);
  expect(distrusting).toMatchObject({ code: 8, output: expect.stringContaining('is not trusted') });
  expect(distrusting.output).toContain('--api-ca FILE');
  const plain = await drumline(['status', '--api', api.replace('https:', 'http:')]);
  expect(plain).toMatchObject({ code: 7, output: expect.stringContaining('begin --api with https://') });
  const failure = await connect({ url: api })
    .health()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ code: 'certificate-untrusted' });

  await overGrpc(grpc!, ca.cert);

  const second = issue('second');
  await files.write('cert.pem', second.cert);
  await files.write('key.pem', second.key);
  await eventually(async () => ((await servedName(api)) === 'second' ? true : undefined));
  expect(await servedName(`https://${grpc}`, ['h2'])).toBe('second');
  await overGrpc(grpc!, ca.cert);

  expect(await drumline(['cancel', 'current', ...trusted])).toMatchObject({ code: 0 });
  const { output } = await watching;
  expect(output).toContain('"type":"state"');
});

test('a certificate that cannot be used is reported before anything starts', async () => {
  await using files = await temporary();
  const [one, other] = ['one', 'other'].map((commonName) => makeCertificate({ commonName }));
  const cert = await files.write('cert.pem', one!.cert);
  const key = await files.write('key.pem', other!.key);
  const text = await files.write('text.pem', 'hello');
  const scenario = scenarioPath('steady');
  for (const [args, words] of [
    [['--tls-cert', cert], '--tls-cert: needs --tls-key, too'],
    [['--tls-cert', cert, '--tls-key', key], 'cannot be used: '],
    [['--tls-cert', text, '--tls-key', key], 'cannot be used: '],
    [['--tls-cert', '/nowhere.pem', '--tls-key', key], '--tls-cert: the file cannot be read'],
  ] as const)
    expect(
      await drumline([
        'master',
        scenario,
        '--no-store',
        '--bind',
        'tcp://127.0.0.1:0',
        '--api',
        '127.0.0.1:0',
        ...args,
      ]),
    ).toMatchObject({ code: 2, output: expect.stringContaining(words) });
});
