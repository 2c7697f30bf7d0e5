import { StatusCode } from '@drumline/drivers/grpc';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { serveGrpc, unary } from '../support/grpc-servers.js';
import { ask, grpcBench, METHOD, start, type MakeEngine } from './bench.js';

const echo = unary((call, reply) => reply(null, call.request));

export function describeCalls(makeEngine: MakeEngine): void {
  describe('calls', () => {
    const bench = grpcBench(makeEngine);

    test.each([0, 1, 5, 1_000, 1_024, 16_379, 16_384, 65_536, 100_000, 3_000_000])(
      'a message of %i bytes is echoed unchanged',
      async (length) => {
        const server = await bench.closing(serveGrpc({ [METHOD]: echo }));
        const session = await bench.session(server.origin);
        const message = Buffer.alloc(length).map((_, i) => (i * 7) % 251);
        for (let round = 0; round < 2; round++) {
          const { call, end } = await ask(session, message);
          expect(end).toMatchObject({ status: StatusCode.OK, sent: true });
          expect(end.failure).toBeUndefined();
          expect(call.messages).toHaveLength(1);
          expect(Buffer.compare(call.messages[0]!, message)).toBe(0);
        }
        expect(server.requests).toBe(2);
      },
    );

    test('the request has the headers of gRPC', async () => {
      let seen: Record<string, unknown> = {};
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => {
            seen = { ...call.metadata.getMap(), host: call.getHost() };
            reply(null, call.request);
          }),
        }),
      );
      await ask(await bench.session(server.origin), 'x');
      expect(seen).toMatchObject({ host: `127.0.0.1:${server.port}` });
      expect(String(seen['user-agent'])).toMatch(/^grpc-/);
      await ask(await bench.session(server.origin, { authority: 'bank.example' }), 'x');
      expect(seen).toMatchObject({ host: 'bank.example' });
    });

    test.each(Object.values(StatusCode).filter((code) => code > 0))(
      'status %i, its message and its trailers',
      async (code) => {
        const metadata = new Metadata();
        metadata.set('x-why', 'because');
        const server = await bench.closing(
          serveGrpc({
            [METHOD]: unary((_, reply) => reply({ code, details: 'Konto 5 % überzogen →', metadata })),
          }),
        );
        const { call, end } = await ask(await bench.session(server.origin), 'x');
        expect(end).toMatchObject({ status: code, message: 'Konto 5 % überzogen →', sent: true });
        expect(end.failure).toBeUndefined();
        expect(end.trailers).toEqual(expect.arrayContaining(['x-why', 'because']));
        expect(end.trailers).not.toContain('grpc-status');
        expect(end.trailers).not.toContain('grpc-message');
        expect(call.messages).toEqual([]);
      },
    );

    test('a method that the server lacks', async () => {
      const server = await bench.closing(serveGrpc({ [METHOD]: echo }));
      const session = await bench.session(server.origin);
      const { call, end } = await ask(session, 'x', { path: '/test.Service/Other' });
      expect(end).toMatchObject({ status: StatusCode.UNIMPLEMENTED, sent: true });
      expect(call.headers).toEqual([]);
      expect((await ask(session, 'x')).end.status).toBe(StatusCode.OK);
    });

    test('concurrent calls each receive their own answer', async () => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary(
            (call, reply) => void setTimeout(() => reply(null, call.request), Math.random() * 20),
          ),
        }),
      );
      const session = await bench.session(server.origin, { channels: 2 });
      const calls = Array.from({ length: 500 }, (_, i) =>
        start(session, { message: Buffer.from(`call ${i}`) }),
      );
      const ends = await Promise.all(calls.map((call) => call.done));
      expect(ends.filter((end) => end.status !== StatusCode.OK)).toEqual([]);
      expect(calls.map((call) => String(call.messages[0]))).toEqual(calls.map((_, i) => `call ${i}`));
      expect(server.requests).toBe(500);
    });

    test('times and byte counts', async () => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => void setTimeout(() => reply(null, call.request), 60)),
        }),
      );
      const session = await bench.session(server.origin);
      const { call, end } = await ask(session, 'x'.repeat(1_000));
      const { startedAtMs, sentAtMs, sendEndedAtMs, firstByteAtMs, endedAtMs, opened } = end.timing;
      const instants = [
        startedAtMs,
        sentAtMs!,
        sendEndedAtMs!,
        firstByteAtMs!,
        call.messagesAtMs[0]!,
        endedAtMs,
      ];
      expect(instants).toEqual([...instants].sort((a, b) => a - b));
      expect(firstByteAtMs! - sentAtMs!).toBeGreaterThan(50);
      expect(opened).toMatchObject({ protocol: 'h2' });
      expect(end.bytesSent).toBeGreaterThan(1_000);
      expect(end.bytesReceived).toBeGreaterThan(1_000);
      expect((await ask(session, 'x')).end.timing.opened).toBeUndefined();
    });
  });
}
