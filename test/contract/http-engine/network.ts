import { describe, expect, test } from '@jest/globals';
import { serveHttp } from '../support/servers.js';
import { engineBench, failed, get, response, text, type MakeEngine } from './bench.js';

/** Checks that the network options reach the sockets. The dialler's test covers them in full. */
export function describeNetwork(makeEngine: MakeEngine): void {
  describe('the network', () => {
    const bench = engineBench(makeEngine);
    const serve = () =>
      bench.closing(
        serveHttp(({ socket, headers }, reply) => reply.end(`${socket.remoteAddress} asks ${headers.host}`)),
      );

    test('a name resolves to the configured address, and stays in the Host header', async () => {
      const server = await serve();
      const hosts = { 'shop.example': [`127.0.0.1:${server.port}`] };
      const session = await bench.session({}, { network: { hosts } });
      expect(text(await session.exchange(get('http://shop.example')).done)).toBe(
        '127.0.0.1 asks shop.example',
      );
    });

    test('connections use the local addresses in turn', async () => {
      const server = await serve();
      const network = { localAddresses: ['127.0.0.2', '127.0.0.3'] };
      const session = await bench.session({ keepAlive: false }, { network });
      const callers: (string | undefined)[] = [];
      for (let i = 0; i < 3; i++)
        callers.push(text(await session.exchange(get(server.origin)).done).split(' ')[0]);
      expect(callers).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2']);
    });

    test('a name is looked up once for all users', async () => {
      const server = await serve();
      const engine = await bench.closing(makeEngine({ now: bench.now }));
      const looked: number[] = [];
      for (let i = 0; i < 3; i++) {
        const result = await engine.openSession().exchange(get(`http://localhost:${server.port}`)).done;
        looked.push(response(result).timing.opened!.dnsMs);
      }
      expect(looked).toEqual([expect.any(Number), 0, 0]);
      expect(looked[0]).toBeGreaterThan(0);
    });

    test('a missing local address is a failure of the worker, not of the target', async () => {
      const server = await serve();
      const session = await bench.session({}, { network: { localAddresses: ['192.0.2.1'] } });
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result).toMatchObject({ sent: false, failure: { class: 'local', code: 'EADDRNOTAVAIL' } });
    });

    test('invalid addresses are rejected at once with a message', () => {
      expect(() => makeEngine({ now: bench.now, network: { hosts: { shop: 'elsewhere' } } })).toThrow(
        /invalid network options/,
      );
    });
  });
}
