import { describe, expect, test } from '@jest/globals';
import { answerRaw, closedPort, serveHttp, serveRaw } from '../support/servers.js';
import { engineBench, failed, get, text, type MakeEngine } from './bench.js';

export function describeFailures(makeEngine: MakeEngine): void {
  describe('failures', () => {
    const bench = engineBench(makeEngine);

    test('no listener: connection refused, not sent', async () => {
      const port = await closedPort();
      const origin = `http://127.0.0.1:${port}`;
      const result = failed(await (await bench.session()).exchange(get(origin)).done);
      expect(result).toMatchObject({ sent: false, bytesSent: 0, bytesReceived: 0 });
      expect(result.failure).toEqual({
        class: 'refused',
        code: 'ECONNREFUSED',
        message: 'connection refused',
        detail: `127.0.0.1:${port}`,
      });
    });

    test('both addresses of a name refuse: one failure', async () => {
      const origin = `http://localhost:${await closedPort()}`;
      const result = failed(await (await bench.session()).exchange(get(origin)).done);
      expect(result.failure).toMatchObject({ class: 'refused', message: 'connection refused' });
    });

    test('a host that does not exist', async () => {
      const result = failed(await (await bench.session()).exchange(get('http://nothing.invalid')).done);
      expect(result.sent).toBe(false);
      expect(result.failure.class).toBe('dns');
      expect(result.failure.message).toContain('nothing.invalid');
    });

    test.each<[string, string, (server: { write(text: string): unknown }) => void]>([
      ['before the response', 'ECONNRESET', () => {}],
      [
        'after the head',
        'ECONNRESET',
        (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
      ],
    ])('a connection reset %s', async (_, code, begin) => {
      const server = await bench.closing(
        answerRaw((socket) => {
          begin(socket);
          setTimeout(() => socket.resetAndDestroy(), 20);
        }),
      );
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result).toMatchObject({
        sent: true,
        failure: { class: 'reset', code, message: 'connection reset' },
      });
      expect(result.bytesSent).toBeGreaterThan(0);
    });

    test('a connection closed without an answer', async () => {
      const server = await bench.closing(answerRaw((socket) => socket.end()));
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result.failure).toEqual({
        class: 'reset',
        code: 'CLOSED_EARLY',
        message: 'connection closed without a response',
      });
    });

    test.each([
      ['of a given length', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'],
      [
        'of a given length, to be closed',
        'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nabc',
      ],
      ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
      [
        'in chunks, to be closed',
        'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc',
      ],
    ])('a connection closed inside a body %s', async (_, answer) => {
      const server = await bench.closing(answerRaw((socket) => socket.end(answer)));
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result).toMatchObject({ sent: true, bytesReceived: answer.length });
      expect(result.failure).toEqual({
        class: 'reset',
        code: 'CLOSED_MID_RESPONSE',
        message: 'connection closed inside the response',
      });
    });

    test.each([
      ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
      ['a broken header', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'],
      ['two different lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
      ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n'],
      ['a broken chunk size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n'],
      ['headers without end', `HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(300_000)}`],
    ])('%s is not HTTP', async (_, answer) => {
      const server = await bench.closing(answerRaw((socket) => socket.write(answer)));
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result.failure.class).toBe('protocol');
      expect(result.failure.message).toMatch(/^malformed response: ./);
      expect(result.sent).toBe(true);
    });

    test('a body longer than announced: the announced part is the response', async () => {
      const server = await bench.closing(
        answerRaw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more')),
      );
      const session = await bench.session();
      for (let i = 0; i < 2; i++) expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.connections).toBe(2);
    });

    test('a server that never answers: the timeout of the whole request', async () => {
      const server = await bench.closing(serveRaw(() => {}));
      const session = await bench.session({ timeouts: { wholeMs: 120 } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result).toMatchObject({ sent: true, bytesReceived: 0 });
      expect(result.failure).toEqual({
        class: 'timeout',
        code: 'TIMEOUT_WHOLE',
        message: 'timeout after 120ms',
      });
      expect(result.timing.endedAtMs - result.timing.startedAtMs).toBeGreaterThan(110);
      await server.drained();
    });

    test('a head that never arrives: the headers timeout', async () => {
      const server = await bench.closing(serveRaw((socket) => socket.write('HTTP/1.1 ')));
      const session = await bench.session({ timeouts: { headersMs: 100 } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result.failure).toMatchObject({ class: 'timeout', code: 'TIMEOUT_HEADERS' });
      expect(result.failure.message).toBe('timeout waiting for the response after 100ms');
    });

    test('a body that stops: the body timeout, which every piece restarts', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => {
          reply.writeHead(200, { 'content-length': 10 });
          let pieces = 0;
          const timer = setInterval(() => {
            reply.write('x');
            if (++pieces === 5) clearInterval(timer);
          }, 100);
        }),
      );
      const session = await bench.session({ timeouts: { bodyMs: 400, headersMs: 5_000 } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result.failure).toMatchObject({
        code: 'TIMEOUT_BODY',
        message: 'timeout inside the response after 400ms',
      });
      expect(result.timing.endedAtMs - result.timing.firstByteAtMs!).toBeGreaterThan(700);
    });

    test('a handshake that never ends: the connect timeout, not sent', async () => {
      const server = await bench.closing(serveRaw(() => {}));
      const session = await bench.session({ timeouts: { connectMs: 100 } });
      const result = failed(await session.exchange(get(`https://127.0.0.1:${server.port}`)).done);
      expect(result).toMatchObject({
        sent: false,
        failure: { class: 'timeout', code: 'TIMEOUT_CONNECT', message: 'connect timeout after 100ms' },
      });
      await server.drained();
    });

    test('time spent waiting for a connection counts towards the timeout', async () => {
      const server = await bench.closing(serveHttp(() => {}));
      const session = await bench.session({ maxConnections: 1 });
      void session.exchange(get(server.origin));
      const waiting = session.exchange(get(server.origin, { timeouts: { wholeMs: 100 } }));
      expect(failed(await waiting.done)).toMatchObject({ sent: false, failure: { code: 'TIMEOUT_WHOLE' } });
    });

    test('a response that arrived while the event loop was blocked is not a timeout', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end('ok')));
      const session = await bench.session({ timeouts: { wholeMs: 200 } });
      await session.exchange(get(server.origin)).done;
      const exchange = session.exchange(get(server.origin));
      await new Promise((resolve) => setTimeout(resolve, 5));
      const until = performance.now() + 400;
      while (performance.now() < until);
      expect(text(await exchange.done)).toBe('ok');
    });

    test.each([
      ['a line break in a header', { headers: ['x-a', 'b\r\nx-evil: 1'] }],
      ['a space in the path', { path: '/a b' }],
      ['a method with spaces', { method: 'GET /x' }],
    ])('%s is rejected before anything is sent', async (_, wrong) => {
      const server = await bench.closing(serveHttp((__, reply) => reply.end('ok')));
      const session = await bench.session();
      const result = failed(await session.exchange(get(server.origin, wrong)).done);
      expect(result).toMatchObject({ sent: false, failure: { class: 'invalid' } });
      expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.requests).toBe(1);
    });
  });
}
