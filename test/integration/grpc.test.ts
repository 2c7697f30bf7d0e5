// gRPC through the built program: the server's count of calls equals the report for each user type.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { makeCertificate } from '../contract/support/certificates.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { serveHttp } from '../contract/support/servers.js';
import { serveBank, type Bank } from '../support/bank.js';
import { tempProjects } from '../support/temp-project.js';
import { Cluster, scenarioPath } from '../support/drumline.js';

const project = tempProjects();
const closing = closeAfterEach();
let bank: Bank;
beforeEach(async () => {
  bank = await serveBank();
});
afterEach(async () => {
  await bank.close();
});

const SECURE = `
import { grpc, iterations, scenario, user } from 'drumline';
import ca from './ca.pem';
const bank = grpc.load('bank/accounts.proto', { includeDirs: ['.'] });
const services = (['native', 'grpc-js'] as const).map((engine) =>
  bank.service('bank.Accounts', { engine, tls: { ca }, metadata: { who: engine } }),
);
const teller = user('teller', {
  tasks: {
    balances: async () => {
      await services[0]!.call('GetBalances', { ids: [1] }, { name: 'native' });
      await services[1]!.call('GetBalances', { ids: [1] }, { name: 'grpc-js' });
    },
  },
});
export default scenario({ users: [teller], load: iterations({ total: 20, users: 2 }) });
`;

async function protos(): Promise<Record<string, string>> {
  const names = ['bank/accounts.proto', 'bank/money.proto'];
  const read = (name: string): Promise<string> =>
    readFile(new URL(`../scenarios/protos/${name}`, import.meta.url), 'utf8');
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

/** Requests by user type and name, without rows for parts of requests. */
function callsOf({ series }: RunResult): Map<string, number> {
  const calls = new Map<string, number>();
  for (const { user, name, part, requests } of series) {
    if (part) continue;
    calls.set(`${user} ${name.replace('bank.Accounts/', '')}`, requests);
  }
  return calls;
}

test('calls of every kind are counted for the user type that makes them, as the server counts them', async () => {
  await using cluster = await Cluster.start('grpc', ['-H', bank.origin, '--expect-workers', '2']);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const result = await cluster.result();
  expect(callsOf(result)).toEqual(bank.calls);
  expect(result.totals.requests).toBe(bank.requests);
  expect(result.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(bank.requests);
  expect(new Set(bank.calls.keys())).toEqual(
    new Set([
      '(setup) GetBalances',
      '(teardown) GetBalances',
      'reader GetBalances',
      'reader Watch',
      'reader Audit',
      'writer GetBalances',
      'writer Deposit',
    ]),
  );
  expect(bank.calls.get('reader GetBalances')).toBeGreaterThan(0);
  expect(result.checks.map(({ name, fails }) => [name, fails])).toEqual([
    ['all booked', 0],
    ['all there', 0],
    ['an answer each', 0],
    ['ended well', 0],
    ['five of them', 0],
  ]);
  const rows = Object.fromEntries(
    result.series.map((one) => [`${one.user} ${one.protocol} ${one.method} ${one.name}`, one]),
  );
  expect(rows['reader grpc server stream bank.Accounts/Watch']).toMatchObject({ failures: 0 });
  expect(rows['reader grpc bidi bank.Accounts/Audit']).toMatchObject({ failures: 0 });
  expect(rows['writer grpc client stream bank.Accounts/Deposit']).toMatchObject({
    failures: 0,
    tags: { tier: 'gold' },
  });
  const watched = bank.calls.get('reader Watch')!;
  const messages = result.series.filter(({ part, name }) => part && name.endsWith('Watch'));
  expect(messages.map(({ requests }) => requests).sort((a, b) => a - b)).toEqual([watched, 4 * watched]);
  expect(result.errors.map(({ user, method, error }) => [user, method, error])).toEqual([
    ['writer', 'unary', 'NOT_FOUND'],
  ]);
  const { requests, failures, statuses } = result.totals;
  expect(statuses).toEqual({ OK: requests - failures, NOT_FOUND: failures });
  // Two shared channels in each of two lanes. Setup and teardown ran in one of them.
  expect(bank.connections).toBeLessThanOrEqual(4);
  // A misspelt method is an exception at its line. A call without a caller is rejected.
  const lines = (await readFile(scenarioPath('grpc'), 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.includes("'GetBalance',")) + 1;
  expect(result.exceptions).toMatchObject([
    { user: 'writer', task: 'misspelt', message: expect.stringContaining('GetBalance') as unknown },
  ]);
  expect(result.exceptions[0]!.stack).toContain(`grpc.ts:${line}:`);
  expect(cluster.workers[0]!.output).toMatch(/refused: bank\.Accounts was called outside of a user/);
  expect(bank.calls.get('nobody GetBalances')).toBeUndefined();
});

test('calls that hang are cancelled when the run stops, and count as interrupted, not as failed', async () => {
  await using cluster = await Cluster.start('grpc-hanging', ['-H', bank.origin]);
  cluster.addWorker('w1');
  const result = await cluster.result();
  expect(result).toMatchObject({
    code: 13,
    totals: { requests: 8, failures: 0, interrupted: 8 },
    exceptions: [],
    errors: [],
  });
  expect(bank.calls.get(' Hang')).toBe(8);
  expect(bank.cancelled).toBe(8);
  expect(bank.connections).toBe(8);
});

test('both engines speak TLS to a server whose authority travels with the scenario', async () => {
  const identity = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
  const secure = await closing(serveBank({ identity }));
  const folder = project({ 'bank.ts': SECURE, 'ca.pem': identity.cert, ...(await protos()) });
  await using cluster = await Cluster.start(join(folder, 'bank.ts'), ['-H', secure.origin]);
  cluster.addWorker('w1');
  const result = await cluster.result();
  expect(result).toMatchObject({ code: 0, totals: { failures: 0 }, exceptions: [] });
  expect(callsOf(result)).toEqual(
    new Map([
      ['teller native', secure.calls.get('native GetBalances')],
      ['teller grpc-js', secure.calls.get('grpc-js GetBalances')],
    ]),
  );
  expect(secure.calls.get('grpc-js GetBalances')).toBe(20);
});

test('for a target without HTTP/2, the report has a hint', async () => {
  const web = await serveHttp((_, reply) => reply.end('a page'));
  try {
    await using cluster = await Cluster.start('grpc-hanging', ['-H', web.origin, '-u', '1', '-t', '1s']);
    cluster.addWorker('w1');
    const result = await cluster.result();
    expect(result.errors).toMatchObject([
      { error: expect.stringMatching(/^UNAVAILABLE: malformed/) as unknown },
    ]);
    expect(result.notes).toMatchObject([
      { code: 'failure-hint', message: expect.stringContaining('the port is a gRPC port') as unknown },
    ]);
  } finally {
    await web.close();
  }
});

test('the master asks a server with reflection once; workers do not need its address', async () => {
  await using cluster = await Cluster.start('grpc-reflected', ['-H', bank.origin], { BANK: bank.origin });
  cluster.addWorker('w1');
  const result = await cluster.result();
  expect(result).toMatchObject({ code: 0, totals: { failures: 0 }, exceptions: [] });
  expect(result.checks).toMatchObject([{ name: 'it is there', fails: 0 }]);
  expect(result.totals.requests).toBe(bank.calls.get(' GetBalances'));
});
