import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { until } from '../support/closing.js';
import { bidi, serveGrpc, serverStream, unary } from '../support/grpc-servers.js';
import { serveFrames } from '../support/h2-peers.js';
import { serveRaw } from '../support/servers.js';
import { ask, grpcBench, METHOD, start, type MakeEngine } from './bench.js';

export function describeDeadlinesAndCancellation(makeEngine: MakeEngine): void {
  describe('deadlines and cancellation', () => {
    const bench = grpcBench(makeEngine);

    test('the server receives the deadline', async () => {
      let leftMs = 0;
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => {
            leftMs = Number(call.getDeadline()) - Date.now();
            reply(null, call.request);
          }),
        }),
      );
      const session = await bench.session(server.origin);
      await ask(session, 'x', { deadlineMs: 30_000 });
      expect(leftMs).toBeGreaterThan(20_000);
      expect(leftMs).toBeLessThanOrEqual(30_000);
      await ask(session, 'x');
      expect(leftMs).toBe(Infinity);
    });

    test('without an answer the call ends at its deadline, and the server receives a cancellation', async () => {
      let cancelled = 0;
      const server = await bench.closing(
        serveGrpc({ [METHOD]: unary((call) => void call.on('cancelled', () => cancelled++)) }),
      );
      const { end } = await ask(await bench.session(server.origin), 'x', { deadlineMs: 150 });
      expect(end.status).toBe(StatusCode.DEADLINE_EXCEEDED);
      expect(end.sent).toBe(true);
      expect(end.timing.endedAtMs - end.timing.startedAtMs).toBeGreaterThan(140);
      await until(() => cancelled === 1);
      expect(server.requests).toBe(1);
    });

    test('a server that ignores deadlines receives RST_STREAM with CANCEL', async () => {
      const server = await bench.closing(serveFrames(() => {}));
      const session = await bench.session(`http://127.0.0.1:${server.port}`);
      const { end } = await ask(session, 'x', { deadlineMs: 100 });
      expect(end).toMatchObject({
        status: StatusCode.DEADLINE_EXCEEDED,
        failure: { class: 'timeout' },
        sent: true,
      });
      await until(() => server.peers[0]!.of(3).length === 1);
      expect(server.peers[0]!.of(3)[0]!.payload.readUInt32BE()).toBe(8);
    });

    test('a deadline in the middle of a stream', async () => {
      const server = await bench.closing(
        serveGrpc({ [METHOD]: serverStream((call) => void call.write(Buffer.from('one'))) }),
      );
      const { call, end } = await ask(await bench.session(server.origin), 'go', { deadlineMs: 200 });
      expect(end.status).toBe(StatusCode.DEADLINE_EXCEEDED);
      expect(call.messages.map(String)).toEqual(['one']);
    });

    test('a deadline that passes during connecting: nothing was sent', async () => {
      const server = await bench.closing(serveRaw(() => {}));
      const session = await bench.session(`https://127.0.0.1:${server.port}`);
      const { end } = await ask(session, 'x', { deadlineMs: 100 });
      expect(end).toMatchObject({ status: StatusCode.DEADLINE_EXCEEDED, sent: false, bytesSent: 0 });
    });

    test('a cancelled call ends at once, and the server receives a cancellation', async () => {
      let cancelled = 0;
      const server = await bench.closing(
        serveGrpc({ [METHOD]: bidi((call) => void call.on('cancelled', () => cancelled++)) }),
      );
      const call = start(await bench.session(server.origin));
      call.send(Buffer.from('x'));
      await until(() => server.requests === 1);
      call.cancel('the user was stopped');
      expect(await call.done).toMatchObject({
        status: StatusCode.CANCELLED,
        message: 'the user was stopped',
        failure: { class: 'aborted', message: 'the user was stopped' },
        sent: true,
      });
      await until(() => cancelled === 1);
      call.cancel('again');
      call.pause();
      call.resume();
      expect(call.send(Buffer.from('late'))).toBe(true);
    });

    test('a call that is cancelled inside a message receives no further messages', async () => {
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: serverStream((call) => {
            for (let i = 0; i < 100; i++) call.write(Buffer.from('x'));
          }),
        }),
      );
      const session = await bench.session(server.origin);
      let messages = 0;
      const status = await new Promise((resolve) => {
        const call = session.start(
          { path: METHOD, metadata: [], deadlineMs: 0, message: Buffer.from('go') },
          {
            onMessage() {
              messages++;
              call.cancel('enough');
            },
            onEnd: (end) => resolve(end.status),
          },
        );
      });
      expect([status, messages]).toEqual([StatusCode.CANCELLED, 1]);
    });

    test('a call that is cancelled before it is sent never reaches the server', async () => {
      const server = await bench.closing(
        serveGrpc({ [METHOD]: unary((call, reply) => reply(null, call.request)) }),
      );
      const session = await bench.session(server.origin);
      const call = start(session, { message: Buffer.from('x') });
      call.cancel('stop');
      expect(await call.done).toMatchObject({ status: StatusCode.CANCELLED, sent: false, bytesSent: 0 });
      expect((await ask(session, 'x')).end.status).toBe(StatusCode.OK);
      expect(server.requests).toBe(1);
    });

    test('closing a session cancels only its own calls', async () => {
      const replies: (() => void)[] = [];
      const server = await bench.closing(
        serveGrpc({
          [METHOD]: unary((call, reply) => void replies.push(() => reply(null, call.request))),
        }),
      );
      const engine = await bench.engine(server.origin);
      const [mine, other] = [engine.openSession(), engine.openSession()];
      const calls = [mine, other].map((session) => start(session, { message: Buffer.from('x') }));
      await until(() => replies.length === 2);
      await mine.close();
      expect((await calls[0]!.done).status).toBe(StatusCode.CANCELLED);
      for (const reply of replies) reply();
      expect((await calls[1]!.done).status).toBe(StatusCode.OK);
      expect((await ask(mine, 'x')).end).toMatchObject({ status: StatusCode.CANCELLED, sent: false });
    });
  });
}
