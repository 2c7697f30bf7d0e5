// How the native engine assigns requests to connections: features that other engines lack, and
// HTTP/2.
import type { Socket } from 'node:net';
import { createNativeEngine, type EngineOptions, type SessionOptions } from '@drumline/drivers';
import { describe, expect, test } from '@jest/globals';
import { get, response, text } from './http-engine/bench.js';
import { makeCertificate } from './support/certificates.js';
import { closeAfterEach, until, wait } from './support/closing.js';
import { serveH2, type H2TestServer } from './support/h2-servers.js';
import { promised } from './support/promised.js';
import { answerRaw, serveHttp } from './support/servers.js';

const closing = closeAfterEach();
const certificate = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const tls = { ca: certificate.cert };

async function engine(options: Partial<EngineOptions> = {}) {
  return closing(promised(createNativeEngine({ now: () => performance.now(), tls, ...options })));
}

async function session(options: Partial<EngineOptions> = {}, own: SessionOptions = {}) {
  return (await engine(options)).openSession(own);
}

function serve(options: Parameters<typeof serveH2>[0] = {}): Promise<H2TestServer> {
  return closing(serveH2({ ...certificate, ...options }));
}

describe('the HTTP version', () => {
  test.each([
    ['auto', 'h2'],
    ['1.1', 'http/1.1'],
    ['2', 'h2'],
  ] as const)('%s, with a server that knows both: %s', async (version, spoken) => {
    const server = await serve({ allowHTTP1: true });
    const result = response(await (await session({ version })).exchange(get(server.origin)).done);
    expect([result.version, result.timing.opened?.protocol]).toEqual([spoken, spoken]);
    expect(result.timing.opened?.tls).toMatchObject({ version: 'TLSv1.3', resumed: false });
  });

  test('without TLS, 2 uses HTTP/2 directly and auto uses HTTP/1.1', async () => {
    const server = await serve({ plain: true });
    const user = await session({ version: '2' });
    expect(response(await user.exchange(get(server.origin)).done).version).toBe('h2');
    const other = await (await session()).exchange(get(server.origin)).done;
    expect(other.kind).toBe('failed');
  });

  test('2 fails in TLS with a message if the server only supports HTTP/1.1', async () => {
    const server = await serve({ only: 'http/1.1' });
    const result = await (await session({ version: '2' })).exchange(get(server.origin)).done;
    expect(result).toMatchObject({ kind: 'failed', sent: false, failure: { class: 'tls' } });
  });
});

test.each(['1.1', '2'] as const)(
  'time that the lane spends before sending is not counted for the target: HTTP/%s',
  async (version) => {
    const server = await serve({ allowHTTP1: true });
    const user = await session({ version });
    await user.exchange(get(server.origin)).done;
    const { done } = user.exchange(get(server.origin));
    const busyUntilMs = performance.now() + 20;
    while (performance.now() < busyUntilMs);
    const { timing } = await done;
    expect(timing.startedAtMs).toBeGreaterThanOrEqual(busyUntilMs);
    expect(timing.sentAtMs).toBe(timing.startedAtMs);
  },
);

test('an unsent request moves to another connection when the server closes its own', async () => {
  let served!: Socket;
  const server = await closing(answerRaw((socket) => (served = socket).write(OK)));
  const user = await session();
  await user.exchange(get(server.origin)).done;
  // Wait for a timer, so that the end of the connection is read before this turn sends anything.
  await wait(1);
  served.destroy();
  expect(text(await user.exchange(get(server.origin)).done)).toBe('ok');
  expect(server.connections).toBe(2);
});

test.each([
  ['closes', (socket: Socket) => socket.end(OK)],
  ['reads on', (socket: Socket) => socket.write(OK)],
  ['stops reading', (socket: Socket) => socket.pause().write(OK)],
])('a server answers before it has read the body and %s: its connection is not reused', async (_, answer) => {
  const server = await closing(answerRaw((socket) => answer(socket)));
  const user = await session();
  const post = get(server.origin, { method: 'POST', body: Buffer.alloc(20_000_000, 'x') });
  expect(text(await user.exchange(post).done)).toBe('ok');
  expect(text(await user.exchange(get(server.origin)).done)).toBe('ok');
  expect(server.connections).toBe(2);
});

describe('HTTP/1.1 connections shared by all users', () => {
  test('stay within the limit, and a request without a free one waits', async () => {
    const server = await closing(serveHttp((_, reply) => void setTimeout(() => reply.end('ok'), 20)));
    const made = await engine({ sharedConnections: 3 });
    const users = Array.from({ length: 10 }, () => made.openSession());
    const results = await Promise.all(users.map((user) => user.exchange(get(server.origin)).done));
    expect(results.map(text)).toEqual(Array(10).fill('ok'));
    expect([server.connections, server.requests]).toEqual([3, 10]);
    expect(results.filter((result) => result.timing.opened !== undefined)).toHaveLength(3);
  });

  test('stay open when a user ends', async () => {
    const server = await closing(serveHttp((_, reply) => reply.end('ok')));
    const made = await engine({ sharedConnections: 1 });
    for (let i = 0; i < 3; i++) {
      const user = made.openSession();
      expect(text(await user.exchange(get(server.origin)).done)).toBe('ok');
      await user.close();
    }
    expect(server.connections).toBe(1);
  });
});

describe('HTTP/2 connections', () => {
  test('parallel requests of a user share one connection, and another user has its own', async () => {
    const server = await serve({ delayMs: 20 });
    const made = await engine();
    const users = [made.openSession(), made.openSession()];
    const results = await Promise.all(
      users.flatMap((user) => Array.from({ length: 10 }, () => user.exchange(get(server.origin)).done)),
    );
    expect(results.map(text)).toEqual(Array(20).fill('ok'));
    expect([server.connections, server.requests]).toEqual([2, 20]);
    expect(results.filter((result) => result.timing.opened !== undefined)).toHaveLength(2);
  });

  test('a user opens another connection when the first has no free stream', async () => {
    const server = await serve({ delayMs: 50 });
    const user = await session({ maxStreams: 4 }, { maxConnections: 2 });
    await user.exchange(get(server.origin)).done;
    const results = await Promise.all(
      Array.from({ length: 20 }, () => user.exchange(get(server.origin)).done),
    );
    expect(results.map(text)).toEqual(Array(20).fill('ok'));
    expect([server.connections, server.mostStreams]).toEqual([2, 4]);
  });

  test('the server’s limit of streams is respected', async () => {
    const server = await serve({ delayMs: 10, settings: { maxConcurrentStreams: 3 } });
    const user = await session({}, { maxConnections: 1 });
    await user.exchange(get(server.origin)).done;
    await Promise.all(Array.from({ length: 12 }, () => user.exchange(get(server.origin)).done));
    expect([server.connections, server.mostStreams, server.requests]).toEqual([1, 3, 13]);
  });

  test.each([1, 3])('all users share %d connections, with streams spread over them', async (shared) => {
    const server = await serve({ delayMs: 30 });
    const made = await engine({ sharedConnections: shared });
    const users = Array.from({ length: 12 }, () => made.openSession());
    let opened = 0;
    for (let round = 0; round < 3; round++) {
      server.forgetMost();
      const results = await Promise.all(users.map((user) => user.exchange(get(server.origin)).done));
      expect(results.map(text)).toEqual(Array(12).fill('ok'));
      opened += results.filter(({ timing }) => timing.opened !== undefined).length;
    }
    expect([server.connections, opened, server.requests]).toEqual([shared, shared, 36]);
    expect(server.mostStreams).toBe(12 / shared);
  });

  test('closing one user of shared connections does not affect the others', async () => {
    const server = await serve({ delayMs: 50 });
    const made = await engine({ sharedConnections: 1 });
    const [leaving, staying] = [made.openSession(), made.openSession()];
    const [cut, kept] = [leaving.exchange(get(server.origin)), staying.exchange(get(server.origin))];
    await until(() => server.requests === 2);
    await leaving.close();
    expect(await cut.done).toMatchObject({ kind: 'failed', failure: { class: 'aborted' } });
    expect(text(await kept.done)).toBe('ok');
    expect(server.connections).toBe(1);
  });

  test('without keep-alive every request opens a new connection', async () => {
    const server = await serve();
    const user = await session({}, { keepAlive: false });
    for (let i = 0; i < 3; i++) expect(text(await user.exchange(get(server.origin)).done)).toBe('ok');
    expect(server.connections).toBe(3);
    await server.drained();
  });

  test('a server that sends GOAWAY between requests causes no failures', async () => {
    const server = await serve();
    const user = await session();
    for (let i = 0; i < 3; i++) {
      expect(text(await user.exchange(get(server.origin)).done)).toBe('ok');
      server.sayGoodbye();
      await wait(30);
    }
    expect(server.connections).toBe(3);
  });

  test('a user that ends cancels its streams and closes its connection', async () => {
    const server = await serve({ delayMs: 5_000 });
    const user = await session();
    const hanging = [1, 2, 3].map(() => user.exchange(get(server.origin)));
    await until(() => server.requests === 3);
    await user.close();
    for (const exchange of hanging)
      expect(await exchange.done).toMatchObject({
        kind: 'failed',
        sent: true,
        failure: { class: 'aborted' },
      });
    await server.drained();
  });
});
