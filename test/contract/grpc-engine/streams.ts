import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../support/closing.js';
import { bidi, clientStream, serveGrpc, serverStream, type TestMethod } from '../support/grpc-servers.js';
import { ask, grpcBench, METHOD, start, type MakeEngine, type StartedCall } from './bench.js';

/**
 * Sends all messages with back-pressure.
 * @returns how often it had to wait
 */
async function sendAll(call: StartedCall, messages: readonly Uint8Array[]): Promise<number> {
  let waits = 0;
  for (const message of messages) {
    const { drains } = call;
    if (call.send(message)) continue;
    waits++;
    await until(() => call.drains > drains);
  }
  call.endSend();
  return waits;
}

const echo = bidi((call) => {
  call.on('data', (message: Buffer) => void call.write(message));
  call.on('end', () => call.end());
});

export function describeStreams(makeEngine: MakeEngine): void {
  describe('streams', () => {
    const bench = grpcBench(makeEngine);
    const serve = (method: TestMethod) => bench.closing(serveGrpc({ [METHOD]: method }));

    test('a server stream: all messages in order, each with its arrival time', async () => {
      const server = await serve(
        serverStream((call) => {
          for (let i = 0; i < 1_000; i++) call.write(Buffer.from(`${i} `.repeat(i % 50)));
          call.end();
        }),
      );
      const { call, end } = await ask(await bench.session(server.origin), 'go');
      expect(end.status).toBe(StatusCode.OK);
      expect(call.messages.map(String)).toEqual(
        Array.from({ length: 1_000 }, (_, i) => `${i} `.repeat(i % 50)),
      );
      const { firstByteAtMs, endedAtMs } = end.timing;
      const instants = [firstByteAtMs!, ...call.messagesAtMs, endedAtMs];
      expect(instants).toEqual([...instants].sort((a, b) => a - b));
      expect(server.requests).toBe(1);
    });

    test('a server stream of large messages, which arrive in parts', async () => {
      const sizes = [70_000, 1, 0, 500_000, 16_384, 2_000_000, 3];
      const server = await serve(
        serverStream((call) => {
          sizes.forEach((size, i) => void call.write(Buffer.alloc(size, i + 1)));
          call.end();
        }),
      );
      const { call, end } = await ask(await bench.session(server.origin), 'go');
      expect(end.status).toBe(StatusCode.OK);
      expect(call.messages.map((message) => message.length)).toEqual(sizes);
      expect(call.messages.every((message, i) => message.every((byte) => byte === i + 1))).toBe(true);
    });

    test('messages before an error are delivered', async () => {
      const server = await serve(
        serverStream((call) => {
          call.write(Buffer.from('one'));
          call.write(Buffer.from('two'));
          call.emit('error', { code: StatusCode.DATA_LOSS, details: 'no more' });
        }),
      );
      const { call, end } = await ask(await bench.session(server.origin), 'go');
      expect(end).toMatchObject({ status: StatusCode.DATA_LOSS, message: 'no more' });
      expect(call.messages.map(String)).toEqual(['one', 'two']);
    });

    test('a client stream is sent no faster than the server reads', async () => {
      let bytes = 0;
      const server = await serve(
        clientStream((call, reply) => {
          call.on('data', (message: Buffer) => {
            bytes += message.length;
            call.pause();
            setTimeout(() => call.resume(), 2);
          });
          call.on('end', () => reply(null, Buffer.from(String(bytes))));
        }),
      );
      const call = start(await bench.session(server.origin));
      const messages = Array.from({ length: 40 }, () => Buffer.alloc(50_000));
      expect(await sendAll(call, messages)).toBeGreaterThan(0);
      const end = await call.done;
      expect(end.status).toBe(StatusCode.OK);
      expect(String(call.messages[0])).toBe('2000000');
      expect(end.bytesSent).toBeGreaterThan(2_000_000);
      expect(end.timing.sendEndedAtMs!).toBeGreaterThan(end.timing.sentAtMs!);
    });

    test('a call without a message in either direction', async () => {
      const server = await serve(echo);
      const call = start(await bench.session(server.origin));
      call.endSend();
      expect(await call.done).toMatchObject({ status: StatusCode.OK, sent: true });
      expect(call.messages).toEqual([]);
    });

    test('a bidirectional stream: each message is answered before the next', async () => {
      const server = await serve(echo);
      const call = start(await bench.session(server.origin));
      for (let i = 0; i < 20; i++) {
        call.send(Buffer.from(`message ${i}`));
        await until(() => call.messages.length === i + 1);
      }
      call.endSend();
      expect((await call.done).status).toBe(StatusCode.OK);
      expect(call.messages.map(String)).toEqual(Array.from({ length: 20 }, (_, i) => `message ${i}`));
      expect(server.requests).toBe(1);
    });

    test('the initial metadata arrive before the first message is requested', async () => {
      const server = await serve(
        bidi((call) => {
          call.sendMetadata(call.metadata);
          call.on('data', () => {});
          call.on('end', () => call.end());
        }),
      );
      const call = start(await bench.session(server.origin), { metadata: ['x-a', 'b'] });
      await until(() => call.headers.length === 1);
      expect(call.headers[0]).toEqual(expect.arrayContaining(['x-a', 'b']));
      call.endSend();
      expect((await call.done).status).toBe(StatusCode.OK);
    });

    test('a server that ends first ends the call', async () => {
      const server = await serve(
        clientStream((call, reply) => {
          call.once('data', () => reply({ code: StatusCode.RESOURCE_EXHAUSTED, details: 'enough' }));
        }),
      );
      const session = await bench.session(server.origin);
      const call = start(session);
      call.send(Buffer.from('x'));
      expect(await call.done).toMatchObject({ status: StatusCode.RESOURCE_EXHAUSTED, message: 'enough' });
      expect(call.send(Buffer.from('y'))).toBe(true);
      call.endSend();
    });

    test('a slow reader makes the server wait', async () => {
      let written = 0;
      const server = await serve(
        serverStream((call) => {
          const more = (): void => {
            while (written < 400) {
              written++;
              if (!call.write(Buffer.alloc(50_000))) return void call.once('drain', more);
            }
            call.end();
          };
          more();
        }),
      );
      const call = start(await bench.session(server.origin), { message: Buffer.from('go') });
      await until(() => call.messages.length > 0);
      call.pause();
      await wait(300);
      const [had, hadWritten] = [call.messages.length, written];
      expect(hadWritten).toBeLessThan(400);
      await wait(100);
      expect([call.messages.length, written]).toEqual([had, hadWritten]);
      call.resume();
      expect((await call.done).status).toBe(StatusCode.OK);
      expect(call.messages).toHaveLength(400);
    });
  });
}
