import { describe, expect, test } from '@jest/globals';
import { bodyOf, serveHttp } from '../support/servers.js';
import { engineBench, get, response, type MakeEngine } from './bench.js';

export function describeCounts(makeEngine: MakeEngine): void {
  describe('bytes and times', () => {
    const bench = engineBench(makeEngine);

    test.each([true, false])(
      'byte counts equal those of the server’s sockets (keep-alive %s)',
      async (keepAlive) => {
        const server = await bench.closing(
          serveHttp(
            (request, reply) => void bodyOf(request).then((body) => reply.end(body.toString().repeat(3))),
          ),
        );
        const session = await bench.session({ keepAlive });
        let [sent, received] = [0, 0];
        for (const size of [0, 1, 1_000, 200_000]) {
          const body = Buffer.alloc(size, 'x');
          const result = response(await session.exchange(get(server.origin, { method: 'POST', body })).done);
          sent += result.bytesSent;
          received += result.bytesReceived;
        }
        await session.close();
        await server.drained();
        expect(sent).toBe(server.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0));
        expect(received).toBe(server.sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0));
      },
    );

    test('a response ends at its last byte', async () => {
      const server = await bench.closing(
        serveHttp((_, reply) => {
          reply.writeHead(200, { 'content-length': 2 });
          setTimeout(() => {
            reply.write('a');
            setTimeout(() => reply.end('b'), 1_000);
          }, 100);
        }),
      );
      const { timing } = response(await (await bench.session()).exchange(get(server.origin)).done);
      const { startedAtMs, sentAtMs, firstByteAtMs, endedAtMs } = timing;
      expect(firstByteAtMs! - sentAtMs!).toBeGreaterThan(90);
      // Nearly 1,000 ms, unless the machine delays the first byte.
      expect(endedAtMs - firstByteAtMs!).toBeGreaterThan(100);
      expect(sentAtMs).toBeGreaterThanOrEqual(startedAtMs);
    });

    test('times use the clock that the engine was given', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end()));
      const session = await bench.session({}, { now: () => 1_000_000 });
      const { timing } = await session.exchange(get(server.origin)).done;
      expect(timing).toMatchObject({
        startedAtMs: 1_000_000,
        sentAtMs: 1_000_000,
        sendEndedAtMs: 1_000_000,
        firstByteAtMs: 1_000_000,
        endedAtMs: 1_000_000,
        opened: { dnsMs: 0, tcpMs: 0, tlsMs: 0 },
      });
    });
  });
}
