import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../support/closing.js';
import { serveHttp, serveRaw } from '../support/servers.js';
import { engineBench, failed, get, text, type MakeEngine } from './bench.js';

export function describeCancellation(makeEngine: MakeEngine): void {
  describe('cancellation', () => {
    const bench = engineBench(makeEngine);

    test('a request cancelled while the target processes it was sent', async () => {
      const server = await bench.closing(serveHttp(() => {}));
      const session = await bench.session();
      const exchange = session.exchange(get(server.origin));
      await until(() => server.requests === 1);
      exchange.cancel('the run ends');
      const result = failed(await exchange.done);
      expect(result).toMatchObject({ sent: true, failure: { class: 'aborted', message: 'the run ends' } });
      expect(result.bytesSent).toBeGreaterThan(0);
      await server.drained();
    });

    test('a request cancelled inside its response was sent', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => void reply.writeHead(200, { 'content-length': 10 }).write('abc')),
      );
      const exchange = (await bench.session()).exchange(get(server.origin));
      await until(() => server.requests === 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      exchange.cancel('stop');
      const result = failed(await exchange.done);
      expect(result.sent).toBe(true);
      expect(result.bytesReceived).toBeGreaterThan(0);
    });

    test('a request cancelled while connecting was never sent and never arrives', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end()));
      const session = await bench.session();
      const exchange = session.exchange(get(server.origin));
      exchange.cancel('stop');
      expect(failed(await exchange.done)).toMatchObject({ sent: false, bytesSent: 0 });
      expect(text(await session.exchange(get(server.origin)).done)).toBe('');
      expect(server.requests).toBe(1);
    });

    test('a request cancelled during the handshake closes its socket', async () => {
      const server = await bench.closing(serveRaw(() => {}));
      const exchange = (await bench.session()).exchange(get(`https://127.0.0.1:${server.port}`));
      await until(() => server.connections === 1);
      exchange.cancel('stop');
      expect(failed(await exchange.done).sent).toBe(false);
      await server.drained();
    });

    test('a request cancelled in the queue was never sent, and the queue continues', async () => {
      const replies: (() => void)[] = [];
      const server = await bench.closing(serveHttp((_, reply) => void replies.push(() => reply.end('ok'))));
      const session = await bench.session({ maxConnections: 1 });
      const [first, second, third] = [1, 2, 3].map((n) =>
        session.exchange(get(server.origin, { path: `/${n}` })),
      );
      await until(() => replies.length === 1);
      second!.cancel('stop');
      expect(failed(await second!.done).sent).toBe(false);
      replies[0]!();
      expect(text(await first!.done)).toBe('ok');
      await until(() => replies.length === 2);
      replies[1]!();
      expect(text(await third!.done)).toBe('ok');
      expect(server.requests).toBe(2);
    });

    test('the requests counted as sent are exactly those that the target saw, whenever they are cancelled', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => void setTimeout(() => reply.end('ok'), Math.random() * 3)),
      );
      const session = await bench.session({ maxConnections: 4 });
      let sent = 0;
      for (let round = 0; round < 60; round++) {
        const exchanges = Array.from({ length: 6 }, () => session.exchange(get(server.origin)));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
        for (const exchange of exchanges) exchange.cancel('stop');
        for (const exchange of exchanges) {
          const result = await exchange.done;
          if (result.kind === 'response' || result.sent) sent++;
        }
      }
      await session.close();
      await until(() => server.requests >= sent, 'the target has seen all that was sent');
      await wait(50);
      expect(server.requests).toBe(sent);
    });

    test('cancelling after the end has no effect', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end('ok')));
      const session = await bench.session();
      const exchange = session.exchange(get(server.origin));
      expect(text(await exchange.done)).toBe('ok');
      exchange.cancel('late');
      expect(text(await exchange.done)).toBe('ok');
      expect(text(await session.exchange(get(server.origin)).done)).toBe('ok');
      expect(server.connections).toBe(1);
    });
  });
}
