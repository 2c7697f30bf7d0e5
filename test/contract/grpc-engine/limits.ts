import { gzipSync } from 'node:zlib';
import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { until } from '../support/closing.js';
import { clientStream, serveGrpc, serverStream, unary } from '../support/grpc-servers.js';
import { serveStreams } from '../support/h2-peers.js';
import { ask, grpcBench, METHOD, start, type MakeEngine } from './bench.js';

const echo = unary((call, reply) => reply(null, call.request));
const TEXT = Buffer.from('the same again and again, '.repeat(1_000));

function prefixed(message: Buffer, flag: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export function describeLimits(makeEngine: MakeEngine): void {
  describe('limits and compression', () => {
    const bench = grpcBench(makeEngine);

    /** Answers each call with these bytes, valid or not. */
    const answering = async (body: Buffer, encoding?: string): Promise<string> => {
      const server = await bench.closing(
        serveStreams((stream) => {
          stream.resume();
          const headers = { ':status': 200, 'content-type': 'application/grpc' };
          const coding = encoding === undefined ? {} : { 'grpc-encoding': encoding };
          stream.respond({ ...headers, ...coding }, { waitForTrailers: true });
          stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
          stream.end(body);
        }),
      );
      return `http://127.0.0.1:${server.port}`;
    };

    test('a message from the server that is too long ends only its call', async () => {
      let cancelled = 0;
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: echo,
          '/test.Service/Long': serverStream((call) => {
            call.on('cancelled', () => cancelled++);
            call.write(Buffer.alloc(10_000));
            call.write(Buffer.alloc(10_001));
          }),
        }),
      );
      const session = await bench.session(server.origin, { maxReceiveBytes: 10_000 });
      const { call, end } = await ask(session, 'x', { path: '/test.Service/Long' });
      expect(end.status).toBe(StatusCode.RESOURCE_EXHAUSTED);
      expect(end.failure).toBeDefined();
      expect(call.messages.map((message) => message.length)).toEqual([10_000]);
      await until(() => cancelled === 1);
      expect((await ask(session, 'x')).end.status).toBe(StatusCode.OK);
      expect(server.connections).toBe(1);
    });

    test('the limit is 4 MiB by default, and 0 means no limit', async () => {
      const server = await bench.closing(serveGrpc({ [METHOD]: echo }));
      const message = Buffer.alloc(4 * 1024 * 1024 + 1);
      const session = await bench.session(server.origin);
      expect((await ask(session, message)).end.status).toBe(StatusCode.RESOURCE_EXHAUSTED);
      const { call, end } = await ask(
        await bench.session(server.origin, { maxReceiveBytes: 0 }),
        Buffer.alloc(20_000_000, 'x'),
      );
      expect(end.status).toBe(StatusCode.OK);
      expect(call.messages[0]!.equals(Buffer.alloc(20_000_000, 'x'))).toBe(true);
    });

    test('a message to the server that is too long is not sent', async () => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: echo,
          '/test.Service/Collect': clientStream((call) => void call.resume()),
        }),
      );
      const session = await bench.session(server.origin, { maxSendBytes: 1_000 });
      const { end } = await ask(session, Buffer.alloc(1_001));
      expect(end).toMatchObject({ status: StatusCode.RESOURCE_EXHAUSTED, sent: false, bytesSent: 0 });
      expect((await ask(session, Buffer.alloc(1_000))).end.status).toBe(StatusCode.OK);
      const call = start(session, { path: '/test.Service/Collect' });
      call.send(Buffer.alloc(1_001));
      expect(await call.done).toMatchObject({ status: StatusCode.RESOURCE_EXHAUSTED });
    });

    test('sent messages are compressed on request', async () => {
      const server = await bench.closing(serveGrpc({ [METHOD]: echo }));
      const session = await bench.session(server.origin, { compression: 'gzip' });
      const { call, end } = await ask(session, TEXT);
      expect(end.status).toBe(StatusCode.OK);
      expect(call.messages[0]!.equals(TEXT)).toBe(true);
      const [socket] = server.sockets;
      expect(socket!.bytesRead).toBeLessThan(2_000);
    });

    test('messages that a server compresses unasked are decompressed', async () => {
      const origin = await answering(
        Buffer.concat([prefixed(gzipSync(TEXT), 1), prefixed(Buffer.from('plain'), 0)]),
        'gzip',
      );
      const { call, end } = await ask(await bench.session(origin), 'x');
      expect(end.status).toBe(StatusCode.OK);
      expect(call.messages.map(String)).toEqual([String(TEXT), 'plain']);
    });

    test('the limit applies to the decompressed message', async () => {
      const origin = await answering(prefixed(gzipSync(Buffer.alloc(50_000_000)), 1), 'gzip');
      const { call, end } = await ask(await bench.session(origin), 'x');
      expect(end.status).toBe(StatusCode.RESOURCE_EXHAUSTED);
      expect(call.messages).toEqual([]);
    });

    test('invalid gzip data', async () => {
      const origin = await answering(prefixed(Buffer.from('garbage'), 1), 'gzip');
      const { call, end } = await ask(await bench.session(origin), 'x');
      expect(end).toMatchObject({ status: StatusCode.INTERNAL, failure: { class: 'protocol' } });
      expect(call.messages).toEqual([]);
    });
  });
}
