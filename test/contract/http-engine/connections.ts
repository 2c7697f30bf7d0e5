import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../support/closing.js';
import { answerRaw, serveHttp } from '../support/servers.js';
import { engineBench, failed, get, response, text, type MakeEngine } from './bench.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

export function describeConnections(makeEngine: MakeEngine): void {
  describe('connections', () => {
    const bench = engineBench(makeEngine);

    test('consecutive requests of a user share one connection, and another user has its own', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end('ok')));
      const engine = await bench.closing(makeEngine({ now: bench.now }));
      const [one, two] = [engine.openSession(), engine.openSession()];
      for (let i = 0; i < 20; i++) await one.exchange(get(server.origin)).done;
      expect(server.connections).toBe(1);
      await two.exchange(get(server.origin)).done;
      expect([server.connections, server.requests]).toEqual([2, 21]);
    });

    test('only the request that opened the connection has a connect time', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end('ok')));
      const session = await bench.session();
      const first = await session.exchange(get(server.origin)).done;
      const second = await session.exchange(get(server.origin)).done;
      expect(first.timing.opened).toMatchObject({ tlsMs: 0 });
      expect(first.timing.opened!.tcpMs).toBeGreaterThan(0);
      expect(second.timing.opened).toBeUndefined();
    });

    test('without keep-alive every request opens a new connection', async () => {
      const asked: (string | undefined)[] = [];
      const server = await bench.closing(
        serveHttp((request, reply) => {
          asked.push(request.headers.connection);
          reply.end('ok');
        }),
      );
      const session = await bench.session({ keepAlive: false });
      for (let i = 0; i < 5; i++) expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.connections).toBe(5);
      expect(new Set(asked)).toEqual(new Set(['close']));
      await server.drained();
    });

    test('a request can ask to close its connection afterwards', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end('ok')));
      const session = await bench.session();
      await session.exchange(get(server.origin)).done;
      await session.exchange(get(server.origin, { keepAlive: false })).done;
      await session.exchange(get(server.origin)).done;
      expect(server.connections).toBe(2);
    });

    test('parallel requests open connections up to the limit, and the rest wait', async () => {
      let [open, most] = [0, 0];
      const server = await bench.closing(
        serveHttp((_, reply) => {
          most = Math.max(most, ++open);
          setTimeout(() => {
            open--;
            reply.end('ok');
          }, 20);
        }),
      );
      const session = await bench.session({ maxConnections: 3 });
      const results = await Promise.all(
        Array.from({ length: 10 }, () => session.exchange(get(server.origin)).done),
      );
      expect(results.map((result) => response(result).status)).toEqual(Array(10).fill(200));
      expect([most, server.connections, server.requests]).toEqual([3, 3, 10]);
    });

    test('a waiting request starts when the one before it fails', async () => {
      let count = 0;
      const server = await bench.closing(
        answerRaw((socket) => (count++ === 0 ? socket.resetAndDestroy() : socket.write(OK))),
      );
      const session = await bench.session({ maxConnections: 1 });
      const [first, second] = [session.exchange(get(server.origin)), session.exchange(get(server.origin))];
      expect(failed(await first.done).failure.class).toBe('reset');
      expect(text(await second.done)).toBe('ok');
    });

    test.each([
      ['closes', 'end'],
      ['resets', 'resetAndDestroy'],
    ] as const)('a server that %s idle connections causes no failures', async (_, end) => {
      const server = await bench.closing(
        answerRaw((socket) => {
          socket.write(OK);
          setTimeout(() => socket[end](), 10);
        }),
      );
      const session = await bench.session();
      for (let i = 0; i < 5; i++) {
        expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
        await wait(60);
      }
      expect(server.connections).toBe(5);
    });

    test('a server that closes after each response without announcing it causes no failures', async () => {
      const server = await bench.closing(answerRaw((socket) => socket.end(OK)));
      const session = await bench.session();
      for (let i = 0; i < 20; i++) {
        expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
        await wait(20);
        // Timers run before sockets in a turn of the event loop, so the end may still be unread on
        // a busy machine.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(server.connections).toBe(20);
    });

    test('unsolicited bytes are not taken as the next response', async () => {
      const server = await bench.closing(
        answerRaw((socket) => {
          socket.write(OK);
          setTimeout(() => socket.write('HTTP/1.1 500 Stray\r\ncontent-length: 5\r\n\r\nstray'), 5);
        }),
      );
      const session = await bench.session();
      expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      await wait(50);
      expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.connections).toBe(2);
    });

    test('closing a session closes its idle sockets and interrupts requests in flight', async () => {
      const server = await bench.closing(
        serveHttp((request, reply) => request.url === '/' && reply.end('ok')),
      );
      const session = await bench.session();
      await session.exchange(get(server.origin)).done;
      const hanging = [1, 2, 3].map((n) => session.exchange(get(server.origin, { path: `/hang/${n}` })));
      await until(() => server.requests === 4);
      await session.close();
      for (const exchange of hanging) expect(failed(await exchange.done)).toMatchObject({ sent: true });
      await server.drained();
      expect(failed(await session.exchange(get(server.origin)).done)).toMatchObject({
        sent: false,
        failure: { class: 'aborted' },
      });
      expect(server.requests).toBe(4);
    });
  });
}
