import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkScenario, type CheckedScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();
// Built files, because another process imports them.
const DIST = new URL('../../dist/', import.meta.url);
const API = new URL('index.js', DIST).href;
const OPEN = new URL('runtime/grpc-declarations.js', DIST).href;

const PROTO = `syntax = "proto3";
package bank;
service Accounts { rpc Get(Id) returns (Id); }
message Id { int64 id = 1; }
`;

/** A scenario with these gRPC declarations. */
const scenarioOf = (grpc: string, rest = "target: 'http://127.0.0.1:50051',"): string => `
import { grpc, scenario, user } from 'drumline';
${grpc}
export default scenario({ ${rest} users: [user('teller', { tasks: { get() {} } })] });
`;

async function check(text: string, files: Record<string, string> = {}): Promise<CheckedScenario> {
  const folder = project({ 'bank.ts': text, 'protos/accounts.proto': PROTO, ...files });
  return await checkScenario(join(folder, 'bank.ts'), {}, { types: false });
}

async function refusalOf(text: string, files: Record<string, string> = {}): Promise<string> {
  return await check(text, files).then(
    () => 'nothing is wrong with it',
    (error: unknown) => {
      expect(error).toMatchObject({ exit: 'scenario-invalid' });
      return (error as Error).message;
    },
  );
}

const ACCOUNTS = "const accounts = grpc.load('protos/accounts.proto').service('bank.Accounts');";

describe('a bundle', () => {
  test('contains the schemas of its scenario, which change its id', async () => {
    const { bundle } = await check(scenarioOf(ACCOUNTS));
    expect(bundle.code).toContain('Accounts');
    const same = await check(scenarioOf(ACCOUNTS));
    expect(same.bundle).toEqual(bundle);
    const other = await check(scenarioOf(ACCOUNTS), {
      'protos/accounts.proto': PROTO.replace('int64', 'int32'),
    });
    expect(other.bundle.id).not.toBe(bundle.id);
  });

  test.each(['', '#!/usr/bin/env drumline\n'])('shows errors at their lines behind %j', async (start) => {
    const text = `${start}${scenarioOf(ACCOUNTS)}\nexport const fail = () => {\n  throw new Error('here');\n};\n`;
    const { bundle } = await check(text);
    const main = `
      globalThis[Symbol.for('drumline.api')] = (await import(${JSON.stringify(API)}));
      (await import(${JSON.stringify(OPEN)})).openDeclarations();
      const { fail } = await import('./scenario.mjs');
      try { fail(); } catch (error) { console.log(error.stack); }`;
    const folder = project({ 'scenario.mjs': bundle.code, 'main.mjs': main });
    const stack = execFileSync(process.execPath, ['--enable-source-maps', 'main.mjs'], { cwd: folder });
    const line = text.split('\n').findIndex((one) => one.includes('throw')) + 1;
    expect(String(stack)).toContain(`bank.ts:${line}:`);
  });

  test('of a scenario without gRPC is not changed', async () => {
    const { bundle } = await check(scenarioOf(''));
    expect(bundle.code).not.toContain('drumline.schemas');
  });
});

describe('before the run, a problem is reported for', () => {
  test('a missing file, together with other problems', async () => {
    const said = await refusalOf(
      scenarioOf("grpc.load('protos/acounts.proto').service('bank.Accounts');", "target: 'nowhere',"),
    );
    expect(said).toMatch(/target: "nowhere" is not a URL/);
    expect(said).toMatch(/grpc\.load\('protos\/acounts\.proto'\): .*acounts\.proto: there is no such file/);
    expect(said).not.toMatch(/^\s+at /m);
  });

  test('the line of a syntax error, even in an imported file', async () => {
    const broken = { 'protos/money.proto': 'syntax = "proto3";\nmessage Money {\n  int64 cents 1;\n}\n' };
    const importing = { 'protos/accounts.proto': PROTO.replace('package', 'import "money.proto";\npackage') };
    expect(await refusalOf(scenarioOf(ACCOUNTS), { ...broken, ...importing })).toMatch(/money\.proto:3/);
    const twice = { 'protos/accounts.proto': PROTO.replaceAll('(Id)', '(It)') };
    expect(await refusalOf(scenarioOf(ACCOUNTS), twice)).toMatch(/It[^]*\n  grpc\.load\(.*It/);
    expect(await refusalOf(scenarioOf(ACCOUNTS), importing)).toMatch(/accounts\.proto:2: .*money\.proto/);
  });

  test('an unknown service, with the known ones', async () => {
    const said = await refusalOf(scenarioOf(ACCOUNTS.replace('bank.Accounts', 'bank.Acounts')));
    expect(said).toMatch(
      /grpc\.load\('protos\/accounts\.proto'\): there is no service bank\.Acounts: .*bank\.Accounts/,
    );
  });

  test('invalid options and a missing target', async () => {
    const options = "{ chanels: 4, deadline: 'soon' }";
    const said = await refusalOf(
      scenarioOf(ACCOUNTS.replace("'bank.Accounts'", `'bank.Accounts', ${options}`), ''),
    );
    const where = "grpc.load('protos/accounts.proto').service('bank.Accounts')";
    expect(said).toContain('3 problems');
    expect(said).toMatch(/did you mean channels\?/);
    expect(said).toContain(`${where}.deadline: 'soon' is not a duration`);
    expect(said).toContain(`${where}: has no target`);
    const own = "{ target: 'localhost:50051' }";
    await check(scenarioOf(ACCOUNTS.replace("'bank.Accounts'", `'bank.Accounts', ${own}`), ''));
  });

  test('invalid paths and options', async () => {
    expect(await refusalOf(scenarioOf('grpc.load();'))).toContain('the path of a .proto file');
    expect(
      await refusalOf(scenarioOf("grpc.load('protos/accounts.proto', { includeDirs: 'protos' });")),
    ).toContain('includeDirs');
    expect(await refusalOf(scenarioOf('await grpc.reflect(50051);'))).toContain(
      "'50051' is not a valid target",
    );
    expect(await refusalOf(scenarioOf("await grpc.reflect('bank:1', { tls: { ca: 7 } });"))).toContain(
      'tls.ca: 7 is not a string',
    );
  });

  test('a server that cannot be queried', async () => {
    const port = await freePort();
    const said = await refusalOf(
      scenarioOf(`const source = await grpc.reflect('127.0.0.1:${port}');\nsource.service('bank.Accounts');`),
    );
    expect(said).toMatch(/grpc\.reflect\('127\.0\.0\.1:\d+'\): .*connection refused/);
  });
});

/** The port of a server that has been closed. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
