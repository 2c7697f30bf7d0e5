// Failed gRPC calls and WebSockets in a result, and their traces as the servers receive them.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { WebSocketServer } from 'ws';
import { serveBank, type Bank } from '../support/bank.js';
import { Drumline } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const SECRET = 'correct-horse-battery';
const DENIAL = `{"error":"not a member","hint":"${SECRET}"}`;

let bank: Bank;
let chat: http.Server;
/** The handshakes that the server has received, by path. */
let handshakes: { readonly path: string; readonly traceparent: string | undefined }[];
beforeEach(async () => {
  handshakes = [];
  bank = await serveBank();
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('connection', (socket) => {
    socket.on('message', () => {
      socket.send(`{"type":"notice","text":"not for ${SECRET}"}`);
      socket.send('{"type":"busy"}');
    });
  });
  chat = http.createServer();
  chat.on('upgrade', (request, socket, head) => {
    const { traceparent } = request.headers as { traceparent?: string };
    handshakes.push({ path: request.url!, traceparent });
    if (request.url === '/denied')
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nx-reason: not a member\r\ncontent-length: ${DENIAL.length}\r\n\r\n${DENIAL}`,
      );
    else sockets.handleUpgrade(request, socket, head, (open) => sockets.emit('connection', open));
  });
  chat.listen(0, '127.0.0.1');
  await once(chat, 'listening');
});
afterEach(async () => {
  await bank.close();
  chat.closeAllConnections();
  chat.close();
});

const SCENARIO = `import { constant, grpc, inOrder, scenario, secrets, startWith, user } from 'drumline';
const accounts = grpc.load('protos/bank/accounts.proto', { includeDirs: ['protos'] })
  .service('bank.Accounts', { target: process.env.BANK, metadata: { authorization: 'Bearer abc', tenant: 'blue' } });
const tell = (protocol: string, id: string | undefined) => { if (id) console.log('trace of ' + protocol + ' ' + id); };
const teller = user('teller', { tasks: inOrder({
  unknown: async () => { tell('grpc', (await accounts.call('GetBalances', { ids: [] })).traceId); },
  lost: async () => void (await accounts.call('GetBalances', { ids: [7, 8] }, { expect: () => 'no cents' })),
  watch: async () => { for await (const _ of accounts.stream('Watch', { ids: [3] }, { expect: 'NOT_FOUND' })); },
  denied: async ({ ws }) => void (await ws.connect('/denied', { headers: { cookie: 'a=b' }, protocols: 'chat' }).catch(() => {})),
  asks: async ({ ws }) => {
    const room = await ws.connect('/room');
    tell('ws', room.traceId);
    try { await room.request({ pin: secrets.PIN, ask: 1 }, (message) => message.json().type === 'answer', { timeout: '50ms' }); }
    finally { await room.close(); }
  },
}), wait: constant('5ms') });
export default scenario({ users: [teller], load: startWith(4).hold('2s'), http: { tracing: { sample: 0.3 } }, FAILURE_SAMPLES });`;

async function run(
  setting = '',
): Promise<{ result: RunResult; lines: string; html: string; output: string }> {
  const protos = ['bank/accounts.proto', 'bank/money.proto'].map(async (name) => [
    `protos/${name}`,
    await readFile(new URL(`../scenarios/protos/${name}`, import.meta.url), 'utf8'),
  ]);
  const files = Object.fromEntries(await Promise.all(protos)) as Record<string, string>;
  const directory = project({ ...files, 'bank.ts': SCENARIO.replace('FAILURE_SAMPLES', setting) });
  const [json, samples, html] = ['r.json', 'samples.ndjson', 'r.html'].map((name) => join(directory, name));
  const target = `http://127.0.0.1:${(chat.address() as AddressInfo).port}`;
  const files2 = ['--json', json!, '--samples', samples!, '--html', html!];
  await using command = new Drumline(
    [
      'run',
      join(directory, 'bank.ts'),
      '-H',
      target,
      '--no-api',
      ...files2,
      '--lanes',
      '1',
      '--secret',
      'PIN',
    ],
    { PIN: SECRET, BANK: bank.origin },
  );
  const { code, output } = await command.ended;
  expect(code).toBe(1);
  return {
    output,
    result: JSON.parse(await readFile(json!, 'utf8')) as RunResult,
    lines: await readFile(samples!, 'utf8'),
    html: await readFile(html!, 'utf8'),
  };
}

test('failed gRPC calls and WebSockets are shown, and a part of them have a trace', async () => {
  const { result, lines, html, output } = await run();
  const shown = (name: string, error: string): string => {
    const found = result.errors.find((one) => one.name === name && one.error === error);
    expect(found?.samples).toHaveLength(2);
    const { request, response } = found!.samples![0]!;
    return `${request}\n---\n${response ?? ''}`;
  };
  const call = (method: string): RegExp =>
    new RegExp(`^http://127\\.0\\.0\\.1:\\d+/bank\\.Accounts/${method}\n`);
  const unknown = shown('bank.Accounts/GetBalances', 'NOT_FOUND');
  expect(unknown).toMatch(call('GetBalances'));
  expect(unknown).toContain('\nauthorization: (hidden)\n');
  expect(unknown).toContain('\ntenant: blue\n');
  expect(unknown).toMatch(/\n---\nNOT_FOUND: no account was named\n/);
  const lost = shown('bank.Accounts/GetBalances', 'no cents');
  expect(lost).toMatch(/\n\n\{"ids":\["?7"?,"?8"?\]\}\n---\nOK\n[^]*\n\n\{"balances":\[\{"cents":/);
  expect(shown('bank.Accounts/Watch', 'OK')).toMatch(/\(the last of 5 messages\)\n\{"cents":"?3"?\}$/);
  const denied = shown('/denied', 'status 403');
  expect(denied).toMatch(/^CONNECT ws:\/\/127\.0\.0\.1:\d+\/denied\n/);
  expect(denied).toMatch(/\ncookie: \(hidden\)\n[^]*sec-websocket-protocol: chat\n---\n/);
  expect(denied).toMatch(
    /\n---\nhttp\/1\.1 403 Forbidden\nx-reason: not a member\n[^]*\n\n\{"error":"not a member","hint":"[^"]*"\}$/,
  );
  const asked = shown('/room', 'no matching message within 50ms');
  expect(asked).toMatch(/^REQUEST ws:\/\/127\.0\.0\.1:\d+\/room\n\n\{"pin":"[^"]*","ask":1\}\n/);
  expect(asked).toMatch(/\n---\n2 messages did not match; the last\n\n\{"type":"busy"\}$/);
  expect(html).toContain('2 messages did not match');
  for (const text of [JSON.stringify(result), html]) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('Bearer abc');
  }

  const sampled = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const ids = (protocol: string): string[] =>
    sampled.flatMap((line) => (line['protocol'] === protocol && line['traceId']) || []);
  const received = { grpc: bank.traces, ws: handshakes.flatMap(({ traceparent = [] }) => traceparent) };
  const calls = { grpc: bank.requests, ws: handshakes.length };
  for (const protocol of ['grpc', 'ws'] as const) {
    for (const header of received[protocol]) expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(received[protocol].map((header) => header.slice(3, 35)).toSorted()).toEqual(
      ids(protocol).toSorted(),
    );
    const told = [...output.matchAll(new RegExp(`trace of ${protocol} (\\w+)`, 'g'))].map(([, id]) => id);
    expect(told.length).toBeGreaterThan(0);
    expect(ids(protocol)).toEqual(expect.arrayContaining(told));
    const spread = 5 * Math.sqrt(calls[protocol] * 0.3 * 0.7);
    expect(Math.abs(received[protocol].length - calls[protocol] * 0.3)).toBeLessThan(spread);
  }
});

test('a scenario can keep no failed requests', async () => {
  const { result } = await run('failureSamples: 0');
  expect(result.errors.length).toBeGreaterThan(0);
  expect(result.errors.filter(({ samples }) => samples !== undefined)).toEqual([]);
});
