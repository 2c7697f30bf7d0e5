import type net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { wait } from '../support/closing.js';
import { answerRaw, serveRaw } from '../support/servers.js';
import { engineBench, failed, get, text, type MakeEngine } from './bench.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/**
 * Servers that break the protocol. Each request gets its own answer or fails; it never gets
 * another's answer.
 */
export function describeUnrulyServers(makeEngine: MakeEngine): void {
  describe('unruly servers', () => {
    const bench = engineBench(makeEngine);

    test.each([
      ['closes', (socket: net.Socket) => socket.end(OK)],
      ['reads on', (socket: net.Socket) => socket.write(OK)],
      ['stops reading', (socket: net.Socket) => socket.pause().write(OK)],
    ])('a server that answers before it has read the body and %s', async (_, answer) => {
      const server = await bench.closing(answerRaw((socket) => answer(socket)));
      const session = await bench.session();
      const post = get(server.origin, { method: 'POST', body: Buffer.alloc(20_000_000, 'x') });
      expect(text(await session.exchange(post).done)).toBe('ok');
    });

    test('a server that sends first, in another protocol', async () => {
      const server = await bench.closing(serveRaw((socket) => socket.write('220 mail.example ESMTP\r\n')));
      const session = await bench.session();
      for (let i = 0; i < 2; i++) {
        const { failure } = failed(await session.exchange(get(server.origin)).done);
        expect(failure.message).toBe('malformed response: it does not begin with HTTP/');
      }
      expect(server.connections).toBe(2);
    });

    test.each([0, 30])('a server that answers twice, the second time after %i ms', async (delayMs) => {
      let requests = 0;
      const server = await bench.closing(
        answerRaw((socket) => {
          const answer = OK.replace('ok', `${++requests}.`);
          socket.write(delayMs === 0 ? answer + answer : answer);
          if (delayMs > 0) setTimeout(() => socket.write(answer), delayMs);
        }),
      );
      const session = await bench.session();
      for (let i = 1; i <= 3; i++) {
        expect(text(await session.exchange(get(server.origin)).done)).toBe(`${i}.`);
        await wait(2 * delayMs);
        // Timers run before sockets in an event-loop turn, so written data may still be unread.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(server.connections).toBe(3);
    });

    test.each([
      ['in the status line', 'HTTP/1.1 2'],
      ['in a header', 'HTTP/1.1 200 OK\r\nx-a: '],
      ['before the end of the head', 'HTTP/1.1 200 OK\r\nx-a: b\r\n'],
      ['before the last byte', OK.slice(0, -1)],
      ['between chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n'],
      ['in the trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: y\r\n'],
    ])('a server that closes %s', async (_, words) => {
      const server = await bench.closing(answerRaw((socket) => socket.end(words)));
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result).toMatchObject({ sent: true, bytesReceived: words.length, failure: { class: 'reset' } });
    });

    test('a slow head has the same timeout as no head', async () => {
      const server = await bench.closing(
        answerRaw((socket) => {
          socket.write('HTTP/1.1 200 ');
          const timer = setInterval(() => socket.write('x'), 20);
          socket.on('close', () => clearInterval(timer));
        }),
      );
      const session = await bench.session({ timeouts: { headersMs: 200 } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result.failure.code).toBe('TIMEOUT_HEADERS');
      expect(result.bytesReceived).toBeGreaterThan(13);
    });

    test('a slow malformed response fails before its end', async () => {
      const server = await bench.closing(
        answerRaw((socket) => {
          const letters = 'HTTP/1.1 200 OK\r\nx: y\rz: '.split('');
          const timer = setInterval(() => socket.write(letters.shift() ?? '.'), 2);
          socket.setNoDelay(true).on('close', () => clearInterval(timer));
        }),
      );
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result.failure.class).toBe('protocol');
      await server.drained();
    });

    test.each([
      ['longer than its body', OK.replace(': 2', ': 3')],
      ['of a chunk longer than the chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nok'],
    ])('a server that declares a length %s, and waits', async (_, words) => {
      const server = await bench.closing(answerRaw((socket) => socket.write(words)));
      const session = await bench.session({ timeouts: { bodyMs: 100 } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result).toMatchObject({ bytesReceived: words.length, failure: { code: 'TIMEOUT_BODY' } });
      await server.drained();
    });

    test('a server that declares a chunk shorter than it is', async () => {
      const words = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n';
      const server = await bench.closing(answerRaw((socket) => socket.write(words)));
      const result = failed(await (await bench.session()).exchange(get(server.origin)).done);
      expect(result.failure.class).toBe('protocol');
    });
  });
}
