import type net from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { StatusCode, type GrpcSession } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { until } from '../support/closing.js';
import { answerFrames, data, head, message, trailers } from '../support/grpc-frames.js';
import { DATA, GOAWAY, HEADERS, RST_STREAM } from '../support/h2-hostile.js';
import { rawFrame } from '../support/h2-peers.js';
import { serveRaw } from '../support/servers.js';
import { ask, grpcBench, start, type MakeEngine, type StartedCall } from './bench.js';

/** A stage of a response, and what the caller has received by then. */
const STAGES: readonly (readonly [
  string,
  (streamId: number) => Buffer,
  headers: number,
  messages: number,
])[] = [
  ['before the headers', () => Buffer.alloc(0), 0, 0],
  ['after the headers', (id) => head(id), 1, 0],
  ['inside a message', (id) => Buffer.concat([head(id), data(id, message('o', 0, 2))]), 1, 0],
  ['after a message', (id) => Buffer.concat([head(id), data(id, message('ok'))]), 1, 1],
];

const reset = (streamId: number, code: number): Buffer => rawFrame(RST_STREAM, 0, streamId, hex(code));
const goAway = (lastStreamId: number, code: number): Buffer =>
  rawFrame(GOAWAY, 0, 0, hex(lastStreamId) + hex(code));
const hex = (number: number): string => number.toString(16).padStart(8, '0');

/** How the call ends there. */
const ENDS: readonly (readonly [string, (socket: net.Socket, streamId: number) => void, StatusCode])[] = [
  ['resets the stream', (socket, id) => socket.write(reset(id, 2)), StatusCode.INTERNAL],
  ['cancels the stream', (socket, id) => socket.write(reset(id, 8)), StatusCode.CANCELLED],
  [
    'resets the stream with ENHANCE_YOUR_CALM',
    (socket, id) => socket.write(reset(id, 11)),
    StatusCode.RESOURCE_EXHAUSTED,
  ],
  ['resets the connection', (socket) => socket.resetAndDestroy(), StatusCode.UNAVAILABLE],
  ['closes the connection', (socket) => socket.end(), StatusCode.UNAVAILABLE],
  ['sends GOAWAY and closes', (socket, id) => socket.end(goAway(id, 0)), StatusCode.UNAVAILABLE],
  ['sends nothing more', () => {}, StatusCode.DEADLINE_EXCEEDED],
];

/** Possible reports of a peer that breaks HTTP/2: gRPC leaves the choice open. */
const OF_THE_CONNECTION: readonly StatusCode[] = [StatusCode.UNAVAILABLE, StatusCode.INTERNAL];
const REFUSAL = reset(1, 7);
const QUESTION = { message: Buffer.from('?') };
const told = ({ headers, messages }: StartedCall) => [headers.length, messages.length];

/**
 * Servers that stop at every stage of a response, or do not speak HTTP/2.
 * @param overlooks the engine does not notice that a fault of the server ended the connection
 * (node:http2, because it ended the connection itself)
 */
export function describeBrokenConnections(makeEngine: MakeEngine, { overlooks = false } = {}): void {
  describe('broken connections', () => {
    const bench = grpcBench(makeEngine);
    const session = (port: number): Promise<GrpcSession> => bench.session(`http://127.0.0.1:${port}`);

    describe.each(ENDS)('a server that %s', (what, end, expected) => {
      test.each(STAGES)('%s', async (_, begin, headers, messages) => {
        let streams = 0;
        let goOn = (): void => {};
        const server = await bench.closing(
          answerFrames((streamId, socket) => {
            streams++;
            socket.write(begin(streamId));
            goOn = () => end(socket, streamId);
          }),
        );
        const deadlineMs = what === 'sends nothing more' ? 300 : 30_000;
        const call = start(await session(server.port), { ...QUESTION, deadlineMs });
        const seen = (): boolean => isDeepStrictEqual(told(call), [headers, messages]);
        await until(() => streams === 1 && seen());
        goOn();
        const { status, failure, sent } = await call.done;
        expect({ status, sent }).toEqual({ status: expected, sent: true });
        expect(failure).toBeDefined();
        expect(seen()).toBe(true);
        expect(streams).toBe(1);
      });
    });

    test('an answer that arrives a byte at a time', async () => {
      const server = await bench.closing(
        answerFrames((id, socket) => {
          const bytes = Buffer.concat([head(id), data(id, message('ok')), trailers(id)]);
          let at = 0;
          const timer = setInterval(() => {
            if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
            else clearInterval(timer);
          }, 1);
          socket.setNoDelay(true).on('close', () => clearInterval(timer));
        }),
      );
      const { call, end } = await ask(await session(server.port), '?');
      expect(end).toMatchObject({ status: StatusCode.OK });
      expect(call.messages.map(String)).toEqual(['ok']);
    });

    test('a message in frames of one byte', async () => {
      const server = await bench.closing(
        answerFrames((id, socket) => {
          const bytes = [...message('hello'), ...message('world')];
          const frames = bytes.map((byte) => data(id, Buffer.from([byte])));
          socket.write(Buffer.concat([head(id), ...frames, trailers(id)]));
        }),
      );
      const { call, end } = await ask(await session(server.port), '?');
      expect(end).toMatchObject({ status: StatusCode.OK });
      expect(call.messages.map(String)).toEqual(['hello', 'world']);
    });

    test('a GOAWAY in the middle of an answer, which continues', async () => {
      let goOn = (): void => {};
      const server = await bench.closing(
        answerFrames((id, socket) => {
          socket.write(Buffer.concat([head(id), data(id, message('a')), goAway(id, 0)]));
          goOn = () => socket.write(Buffer.concat([data(id, message('b')), trailers(id)]));
        }),
      );
      const ours = await session(server.port);
      const first = start(ours, QUESTION);
      await until(() => first.messages.length === 1);
      const second = start(ours, QUESTION);
      const finishFirst = goOn;
      await until(() => server.peers.length === 2 && second.messages.length === 1);
      finishFirst();
      goOn();
      expect(await first.done).toMatchObject({ status: StatusCode.OK });
      expect(await second.done).toMatchObject({ status: StatusCode.OK });
      expect([first.messages, second.messages].map(String)).toEqual(['a,b', 'a,b']);
    });

    test.each([
      ['refused', REFUSAL],
      ['left out by a GOAWAY', goAway(0, 0)],
    ])('a stream that is %s before processing is retried on a new stream', async (_, refusal) => {
      let streams = 0;
      const server = await bench.closing(
        answerFrames((id, socket) => {
          if (streams++ === 0) socket.write(refusal);
          else socket.write(Buffer.concat([head(id), data(id, message('ok')), trailers(id)]));
        }),
      );
      const { call, end } = await ask(await session(server.port), '?');
      expect(end).toMatchObject({ status: StatusCode.OK });
      expect([streams, ...told(call)]).toEqual([2, 1, 1]);
    });

    test.each([
      ['HTTP/1.1', 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'],
      ['another language', '220 mail.example ESMTP\r\n'],
    ])('a server that speaks %s', async (_, words) => {
      const server = await bench.closing(serveRaw((socket) => socket.write(words)));
      const ours = await session(server.port);
      for (let i = 0; i < 2; i++) {
        const { status, failure } = await start(ours, QUESTION).done;
        expect(status).toBe(StatusCode.UNAVAILABLE);
        expect(failure).toBeDefined();
      }
    });

    test('a server that never completes the handshake: each call has its own connect timeout', async () => {
      const server = await bench.closing(serveRaw(() => {}));
      const options = { connectTimeoutMs: 100 };
      const ours = await bench.session(`https://127.0.0.1:${server.port}`, options);
      for (let i = 1; i <= 2; i++) {
        const { status, sent, failure } = await start(ours, QUESTION).done;
        expect({ status, sent }).toEqual({ status: StatusCode.UNAVAILABLE, sent: false });
        expect(failure).toMatchObject({ class: 'timeout', code: 'TIMEOUT_CONNECT' });
        expect(server.connections).toBe(i);
      }
      await server.drained();
    });

    if (overlooks) return;

    test.each([
      ['headers with an invalid table index', (id: number) => rawFrame(HEADERS, 4, id, 'ff ff ff ff 7f')],
      ['data on stream 0', () => rawFrame(DATA, 0, 0, '00')],
      ['a frame that is too long', (id: number) => rawFrame(DATA, 0, id, Buffer.alloc(20_000))],
    ])('an answer of %s ends the connection, and the next call opens another', async (_, frame) => {
      const server = await bench.closing(
        answerFrames((id, socket) => {
          if (server.peers.length === 1) socket.write(Buffer.concat([head(id), frame(id)]));
          else socket.write(Buffer.concat([head(id), trailers(id)]));
        }),
      );
      const ours = await session(server.port);
      const broken = await start(ours, QUESTION).done;
      expect(broken.failure).toBeDefined();
      expect(OF_THE_CONNECTION).toContain(broken.status);
      expect(await start(ours, QUESTION).done).toMatchObject({ status: StatusCode.OK });
      expect(server.peers).toHaveLength(2);
    });
  });
}
