import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../support/closing.js';
import { bodyOf, serveHttp, serveRaw } from '../support/servers.js';
import { engineBench, failed, get, response, text, type MakeEngine } from './bench.js';

/** Pieces with pauses between them. */
async function* pieces(texts: readonly string[], gapMs = 0): AsyncGenerator<Uint8Array> {
  for (const piece of texts) {
    if (gapMs > 0) await wait(gapMs);
    yield Buffer.from(piece);
  }
}

/** Bodies that are generated while they are sent. */
export function describeUploads(makeEngine: MakeEngine): void {
  describe('streamed bodies of requests', () => {
    const bench = engineBench(makeEngine);

    /** Answers with the framing and the content of the body. */
    const echo = (framings: (string | undefined)[] = []) =>
      bench.closing(
        serveHttp((request, reply) => {
          const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
          framings.push(length ?? coding);
          void bodyOf(request).then(
            (body) => reply.end(body),
            () => {},
          );
        }),
      );

    test('a body of known length is sent with it, one of unknown length in chunks', async () => {
      const framings: (string | undefined)[] = [];
      const server = await echo(framings);
      const session = await bench.session();
      for (const lengthBytes of [9, undefined]) {
        const body = {
          chunks: pieces(['one', '', 'two', 'six']),
          ...(lengthBytes !== undefined && { lengthBytes }),
        };
        const result = response(await session.exchange(get(server.origin, { method: 'POST', body })).done);
        expect(result.text()).toBe('onetwosix');
      }
      expect(framings).toEqual(['9', 'chunked']);
      expect(server.connections).toBe(1);
    });

    test.each([0, undefined])('an empty body, declared as %s', async (lengthBytes) => {
      const server = await echo();
      const session = await bench.session();
      const body = { chunks: pieces([]), ...(lengthBytes !== undefined && { lengthBytes }) };
      expect(text(await session.exchange(get(server.origin, { method: 'POST', body })).done)).toBe('');
      expect(text(await session.exchange(get(server.origin)).done)).toBe('');
    });

    test.each([500_000, undefined])(
      'byte counts equal those of the server’s socket (declared: %s)',
      async (lengthBytes) => {
        const server = await echo();
        const chunks = pieces(Array<string>(50).fill('x'.repeat(10_000)));
        const body = { chunks, ...(lengthBytes !== undefined && { lengthBytes }) };
        const exchange = (await bench.session()).exchange(get(server.origin, { method: 'PUT', body }));
        const result = response(await exchange.done);
        expect(result.bodyBytes).toBe(500_000);
        expect(result.bytesSent).toBe(server.sockets[0]!.bytesRead);
      },
    );

    test('a body is read no faster than the server reads', async () => {
      let request: http.IncomingMessage | undefined;
      const server = await bench.closing(
        serveHttp((incoming, reply) => {
          request = incoming.pause();
          incoming.on('end', () => reply.end('done'));
        }),
      );
      let made = 0;
      const chunks = (async function* () {
        for (; made < 200; made++) yield Buffer.alloc(200_000);
      })();
      const exchange = (await bench.session()).exchange(
        get(server.origin, { method: 'POST', body: { chunks } }),
      );
      await until(() => request !== undefined);
      await wait(100);
      const early = made;
      await wait(50);
      expect([made, made < 150]).toEqual([early, true]);
      request!.resume();
      expect(text(await exchange.done)).toBe('done');
      expect(made).toBe(200);
    });

    test.each([
      ['more', 2],
      ['fewer', 4],
    ])('a body with %s bytes than declared fails the request', async (which, lengthBytes) => {
      const server = await echo();
      const session = await bench.session();
      const body = { chunks: pieces(['a', 'bc'], 5), lengthBytes };
      const result = failed(await session.exchange(get(server.origin, { method: 'POST', body })).done);
      expect(result).toMatchObject({
        sent: true,
        failure: {
          class: 'invalid',
          code: 'CONTENT_LENGTH_MISMATCH',
          message: `the request's body has ${which} than the ${lengthBytes} bytes that were announced`,
        },
      });
      expect(text(await session.exchange(get(server.origin)).done)).toBe('');
      expect(server.connections).toBe(2);
    });

    test('a body that throws fails the request', async () => {
      const server = await echo();
      const session = await bench.session();
      const chunks = (async function* () {
        yield Buffer.from('a');
        await wait(5);
        throw new Error('disk on fire');
      })();
      const result = failed(
        await session.exchange(get(server.origin, { method: 'POST', body: { chunks } })).done,
      );
      expect(result.failure).toEqual({
        class: 'invalid',
        code: 'BODY_FAILED',
        message: "the request's body failed: disk on fire",
      });
      expect(text(await session.exchange(get(server.origin)).done)).toBe('');
    });

    test('a cancelled body is read no further and releases its resources', async () => {
      const server = await bench.closing(serveHttp(() => {}));
      let [made, released] = [0, false];
      const chunks = (async function* () {
        try {
          for (;;) {
            await wait(5);
            made++;
            yield Buffer.from('x');
          }
        } finally {
          released = true;
        }
      })();
      const exchange = (await bench.session()).exchange(
        get(server.origin, { method: 'POST', body: { chunks } }),
      );
      await until(() => made > 3);
      exchange.cancel('stop');
      expect(failed(await exchange.done)).toMatchObject({ sent: true, failure: { class: 'aborted' } });
      await until(() => released);
      await server.drained();
    });

    test('the server closes in the middle of the body', async () => {
      const server = await bench.closing(serveRaw((socket) => socket.once('data', () => socket.destroy())));
      const chunks = pieces(Array<string>(100).fill('x'), 5);
      const exchange = (await bench.session()).exchange(
        get(server.origin, { method: 'POST', body: { chunks } }),
      );
      expect(failed(await exchange.done)).toMatchObject({ sent: true, failure: { class: 'reset' } });
    });

    test('sending ends with the last byte, and the headers timeout counts from there', async () => {
      const server = await echo();
      const session = await bench.session({ timeouts: { headersMs: 150 } });
      const body = { chunks: pieces(['a', 'b', 'c', 'd'], 80) };
      const { timing } = response(await session.exchange(get(server.origin, { method: 'POST', body })).done);
      expect(timing.sendEndedAtMs! - timing.sentAtMs!).toBeGreaterThan(200);
      expect(timing.firstByteAtMs!).toBeGreaterThanOrEqual(timing.sendEndedAtMs!);
    });

    test('a large body in one piece counts as sent when the socket has accepted it all', async () => {
      const server = await bench.closing(
        serveHttp((request, reply) => {
          setTimeout(() => request.resume(), 100);
          request.pause().on('end', () => reply.end());
        }),
      );
      const session = await bench.session();
      const body = Buffer.alloc(30_000_000);
      const { timing } = response(await session.exchange(get(server.origin, { method: 'POST', body })).done);
      expect(timing.sendEndedAtMs! - timing.sentAtMs!).toBeGreaterThan(80);
      const { startedAtMs, sentAtMs, sendEndedAtMs, endedAtMs } = timing;
      const order = [startedAtMs, sentAtMs!, sendEndedAtMs!, endedAtMs];
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    });

    test('an answer before the end of the body is the response, and the connection is not reused', async () => {
      let stopped = false;
      const server = await bench.closing(
        serveHttp((request, reply) => {
          if (request.method === 'GET') reply.end('ok');
          else request.once('data', () => reply.writeHead(413, { 'content-length': 3 }).end('big'));
        }),
      );
      const chunks = (async function* () {
        try {
          for (;;) {
            await wait(5);
            yield Buffer.alloc(1_000);
          }
        } finally {
          stopped = true;
        }
      })();
      const session = await bench.session();
      const result = response(
        await session.exchange(get(server.origin, { method: 'POST', body: { chunks } })).done,
      );
      expect([result.status, result.text()]).toEqual([413, 'big']);
      await until(() => stopped);
      expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.connections).toBe(2);
    });
  });
}
