// How the native engine adapts to servers that close idle connections, and resends over HTTP/2.
import http2 from 'node:http2';
import { createNativeEngine, type EngineOptions, type EngineRequest } from '@drumline/drivers';
import { describe, expect, test } from '@jest/globals';
import { failed, get, response } from './http-engine/bench.js';
import { makeCertificate } from './support/certificates.js';
import { closeAfterEach, wait } from './support/closing.js';
import { serveH2, type H2TestServer } from './support/h2-servers.js';
import { promised } from './support/promised.js';
import { answerRaw } from './support/servers.js';

const closing = closeAfterEach();
const certificate = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
const { NGHTTP2_HTTP_1_1_REQUIRED } = http2.constants;

async function engine(options: Partial<EngineOptions> = {}) {
  const tls = { ca: certificate.cert };
  return closing(promised(createNativeEngine({ now: () => performance.now(), tls, ...options })));
}

/**
 * A server that closes connections after an idle time.
 * @param announced headers of its responses
 */
async function serveIdle(limitMs: number, announced = '') {
  const timers = new WeakMap<object, NodeJS.Timeout>();
  return await closing(
    answerRaw((socket) => {
      clearTimeout(timers.get(socket));
      socket.write(`HTTP/1.1 200 OK\r\n${announced}content-length: 2\r\n\r\nok`);
      timers.set(socket, setTimeout(() => socket.destroy(), limitMs).unref());
    }),
  );
}

describe('a connection with an idle timeout of the server', () => {
  test('is not used beyond it, once the server has closed one', async () => {
    const server = await serveIdle(200);
    const made = await engine();
    const user = made.openSession();
    await user.exchange(get(server.origin)).done;
    await wait(260);
    // The lane has learned the idle timeout for all its users.
    const other = made.openSession();
    await other.exchange(get(server.origin)).done;
    expect(server.connections).toBe(2);
    await wait(175);
    await other.exchange(get(server.origin)).done;
    expect(server.connections).toBe(3);
    await other.exchange(get(server.origin)).done;
    expect(server.connections).toBe(3);
  });

  test.each([
    ['a whole second', 'keep-alive: timeout=1\r\n', 820],
    ['less than a second', 'Keep-Alive: timeout=0.2\r\n', 175],
    ['nothing', 'keep-alive: timeout=0, max=5\r\n', 0],
  ])('is not used beyond the announced time: %s', async (_, announced, restMs) => {
    const server = await serveIdle(10_000, announced);
    const user = (await engine()).openSession();
    for (let i = 0; i < 2; i++) {
      await user.exchange(get(server.origin)).done;
      await wait(restMs);
    }
    expect(server.connections).toBe(2);
  });

  test('is closed by the server, so that no local port stays in use', async () => {
    const server = await serveIdle(240);
    const user = (await engine()).openSession();
    await user.exchange(get(server.origin)).done;
    await wait(300);
    await user.exchange(get(server.origin)).done;
    await wait(210);
    await user.exchange(get(server.origin)).done;
    const [, second] = server.sockets;
    expect(second!.readableEnded || second!.destroyed).toBe(false);
    await wait(100);
    expect(second!.destroyed).toBe(true);
  });

  test.each([
    ['50 ms', 120, 2],
    ['10 s', 120, 1],
  ])('is not used beyond idleTimeout: %s', async (limit, restMs, connections) => {
    const server = await serveIdle(10_000);
    const user = (await engine()).openSession({ idleTimeoutMs: limit === '50 ms' ? 50 : 10_000 });
    await user.exchange(get(server.origin)).done;
    await wait(restMs);
    await user.exchange(get(server.origin)).done;
    expect(server.connections).toBe(connections);
  });
});

describe('HTTP/2', () => {
  async function second(
    server: H2TestServer,
    more: Partial<EngineRequest>,
    options?: Partial<EngineOptions>,
  ) {
    const user = (await engine(options)).openSession();
    response(await user.exchange(get(server.origin, { path: '/first' })).done);
    await wait(40);
    let resends = 0;
    const result = await user.exchange(get(server.origin, more), { onResend: () => void resends++ }).done;
    return { result, resends, user };
  }

  test.each([
    ['GET', true],
    ['POST', false],
  ])('a kept connection that closes at a request: %s is resent: %s', async (method, again) => {
    let requests = 0;
    const server: H2TestServer = await closing(
      serveH2({
        ...certificate,
        answer: (stream) => {
          requests += 1;
          if (requests === 2) for (const socket of server.sockets) socket.destroy();
          else stream.respond({ ':status': 200 }, { endStream: true });
        },
      }),
    );
    const { result, resends } = await second(server, { method });
    expect([resends, requests]).toEqual(again ? [1, 3] : [0, 2]);
    if (again) expect(response(result).version).toBe('h2');
    else expect(failed(result)).toMatchObject({ sent: true, failure: { code: 'CLOSED_WHILE_IDLE' } });
  });

  test.each([
    // A request that the server never processed does not count as resent.
    ['GOAWAY before it', 0, (stream: http2.ServerHttp2Stream) => goAway(stream, (stream.id ?? 0) - 2)],
    ['GOAWAY after it', 1, (stream: http2.ServerHttp2Stream) => goAway(stream, stream.id)],
    ['a reset', 1, (stream: http2.ServerHttp2Stream) => stream.close(NGHTTP2_HTTP_1_1_REQUIRED)],
  ])('HTTP_1_1_REQUIRED by %s: this and later requests use HTTP/1.1', async (_, times, refuse) => {
    const server = await closing(
      serveH2({
        ...certificate,
        allowHTTP1: true,
        answer: (stream, headers) => {
          if (headers[':path'] === '/private') refuse(stream);
          else stream.respond({ ':status': 200 }, { endStream: true });
        },
      }),
    );
    const { result, resends, user } = await second(server, { path: '/private', method: 'POST' });
    expect([response(result).version, resends]).toEqual(['http/1.1', times]);
    const next = await user.exchange(get(server.origin)).done;
    expect(response(next).version).toBe('http/1.1');
  });

  test.each([
    [{ version: '2' }, {}],
    [{ tls: { ca: certificate.cert, alpn: ['h2'] } }, {}],
    [{}, { body: { chunks: new Blob(['x']).stream() as AsyncIterable<Uint8Array> } }],
  ] as [Partial<EngineOptions>, Partial<EngineRequest>][])(
    'HTTP_1_1_REQUIRED that cannot be followed is a failure: %j',
    async (options, request) => {
      const server = await closing(
        serveH2({
          ...certificate,
          allowHTTP1: true,
          answer: (stream, headers) => {
            if (headers[':path'] === '/first') stream.respond({ ':status': 200 }, { endStream: true });
            else stream.close(NGHTTP2_HTTP_1_1_REQUIRED);
          },
        }),
      );
      const { result, resends } = await second(server, { path: '/private', ...request }, options);
      expect(failed(result).failure.code).toBe('H2_HTTP_1_1_REQUIRED');
      expect(resends).toBe(0);
    },
  );

  test('any request that was unsent when the connection ended moves to another one', async () => {
    const server = await closing(serveH2({ ...certificate }));
    const user = (await engine()).openSession();
    response(await user.exchange(get(server.origin)).done);
    await wait(40);
    for (const socket of server.sockets) socket.destroy();
    // The end is in the kernel, unread. This turn of the event loop lasts until it has arrived.
    const until = performance.now() + 50;
    while (performance.now() < until);
    const result = await user.exchange(get(server.origin, { method: 'POST' })).done;
    expect(response(result).status).toBe(200);
  });
});

function goAway({ session }: http2.ServerHttp2Stream, lastStreamId: number | undefined): void {
  session!.goaway(NGHTTP2_HTTP_1_1_REQUIRED, lastStreamId);
  setTimeout(() => session!.destroy(), 20);
}
