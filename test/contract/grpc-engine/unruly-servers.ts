import type http2 from 'node:http2';
import { gzipSync } from 'node:zlib';
import { StatusCode } from '@drumline/drivers/grpc';
import { describe, expect, test } from '@jest/globals';
import { message } from '../support/grpc-frames.js';
import { serveStreams } from '../support/h2-peers.js';
import { ask, grpcBench, type MakeEngine } from './bench.js';

/** A response in valid HTTP/2 that is invalid or unusual gRPC. */
interface OddAnswer {
  readonly name: string;
  readonly headers?: http2.OutgoingHttpHeaders;
  /** If absent, the stream ends with the last byte of the body. */
  readonly trailers?: http2.OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  readonly status: StatusCode;
  /** The result of an engine that overlooks the fault. */
  readonly overlooked?: StatusCode;
  readonly messages?: readonly string[];
}

const GRPC = { 'content-type': 'application/grpc' };
const HTML = { 'content-type': 'text/html' };
const PAGE = Buffer.from('<html><body><h1>It does not work</h1></body></html>');
const FINE = { 'grpc-status': '0' };
const MESSAGE = message('ok');
const LIMIT_BYTES = 100_000;
const gzipped = (bytes: Uint8Array): Buffer => message(gzipSync(bytes), 1);

const HTTP_ERRORS: readonly (readonly [number, StatusCode])[] = [
  [400, StatusCode.INTERNAL],
  [401, StatusCode.UNAUTHENTICATED],
  [403, StatusCode.PERMISSION_DENIED],
  [404, StatusCode.UNIMPLEMENTED],
  [418, StatusCode.UNKNOWN],
  [429, StatusCode.UNAVAILABLE],
  [500, StatusCode.UNKNOWN],
  [502, StatusCode.UNAVAILABLE],
  [503, StatusCode.UNAVAILABLE],
  [504, StatusCode.UNAVAILABLE],
];

const NO_GRPC: readonly OddAnswer[] = [
  ...HTTP_ERRORS.flatMap(([code, status]) => [
    { name: `HTTP ${code} with a page`, headers: { ':status': code, ...HTML }, body: PAGE, status },
    { name: `HTTP ${code} without a body`, headers: { ':status': code, ...HTML }, status },
  ]),
  {
    name: 'an HTML page instead of gRPC',
    headers: HTML,
    body: PAGE,
    status: StatusCode.UNKNOWN,
    overlooked: StatusCode.RESOURCE_EXHAUSTED,
  },
  { name: 'no trailers', headers: GRPC, body: MESSAGE, status: StatusCode.INTERNAL, messages: ['ok'] },
  {
    name: 'trailers without a status',
    headers: GRPC,
    body: MESSAGE,
    trailers: { 'x-y': 'z' },
    status: StatusCode.UNKNOWN,
  },
  {
    name: 'a message shorter than announced',
    headers: GRPC,
    body: message('o', 0, 2),
    trailers: FINE,
    status: StatusCode.INTERNAL,
    overlooked: StatusCode.OK,
  },
  {
    name: 'bytes after the message that are not a message',
    headers: GRPC,
    body: Buffer.concat([MESSAGE, Buffer.from([0, 0])]),
    trailers: FINE,
    status: StatusCode.INTERNAL,
    overlooked: StatusCode.OK,
    messages: ['ok'],
  },
  {
    name: 'a flag that is neither 0 nor 1',
    headers: GRPC,
    body: message('ok', 7),
    trailers: FINE,
    status: StatusCode.INTERNAL,
    overlooked: StatusCode.OK,
  },
  {
    name: 'a message longer than allowed',
    headers: GRPC,
    body: message(Buffer.alloc(LIMIT_BYTES + 1)),
    trailers: FINE,
    status: StatusCode.RESOURCE_EXHAUSTED,
  },
  {
    name: 'a message with a declared length of 4 GB',
    headers: GRPC,
    body: message('', 0, 0xffff_ffff),
    status: StatusCode.RESOURCE_EXHAUSTED,
  },
  {
    name: 'a message in an unknown compression',
    headers: { ...GRPC, 'grpc-encoding': 'snappy' },
    body: message('ok', 1),
    trailers: FINE,
    status: StatusCode.INTERNAL,
  },
  {
    name: 'a compressed message without an encoding header',
    headers: GRPC,
    body: gzipped(Buffer.from('ok')),
    trailers: FINE,
    status: StatusCode.INTERNAL,
  },
  {
    name: 'a message that is declared as gzip but is not',
    headers: { ...GRPC, 'grpc-encoding': 'gzip' },
    body: message('ok', 1),
    trailers: FINE,
    status: StatusCode.INTERNAL,
  },
  {
    name: 'a gzip bomb',
    headers: { ...GRPC, 'grpc-encoding': 'gzip' },
    body: gzipped(Buffer.alloc(20_000_000)),
    trailers: FINE,
    status: StatusCode.RESOURCE_EXHAUSTED,
  },
];

const ODD: readonly OddAnswer[] = [
  {
    name: 'only a status',
    headers: { ...GRPC, 'grpc-status': '5', 'grpc-message': 'gone' },
    status: StatusCode.NOT_FOUND,
  },
  {
    name: 'a gRPC status with an HTTP error',
    headers: { ':status': 503, ...GRPC, 'grpc-status': '7' },
    status: StatusCode.PERMISSION_DENIED,
  },
  {
    name: 'an unknown status',
    headers: GRPC,
    trailers: { 'grpc-status': '99' },
    status: StatusCode.UNKNOWN,
  },
  {
    name: 'a status that is not a number',
    headers: GRPC,
    trailers: { 'grpc-status': 'fine' },
    status: StatusCode.UNKNOWN,
  },
  {
    name: 'a message and an error status',
    headers: GRPC,
    body: MESSAGE,
    trailers: { 'grpc-status': '9' },
    status: StatusCode.FAILED_PRECONDITION,
  },
  {
    name: 'empty messages',
    headers: GRPC,
    body: Buffer.concat([message(''), message(''), MESSAGE]),
    trailers: FINE,
    status: StatusCode.OK,
    messages: ['', '', 'ok'],
  },
  {
    name: 'messages with and without compression',
    headers: { ...GRPC, 'grpc-encoding': 'gzip' },
    body: Buffer.concat([MESSAGE, gzipped(Buffer.from('yes')), gzipped(Buffer.alloc(0))]),
    trailers: FINE,
    status: StatusCode.OK,
    messages: ['ok', 'yes', ''],
  },
  {
    name: 'a content type with a suffix',
    headers: { 'content-type': 'application/grpc+proto' },
    body: MESSAGE,
    trailers: FINE,
    status: StatusCode.OK,
    messages: ['ok'],
  },
  {
    name: 'a content type in another case, with parameters',
    headers: { 'content-type': 'Application/GRPC; charset=utf-8' },
    body: MESSAGE,
    trailers: FINE,
    status: StatusCode.OK,
    messages: ['ok'],
  },
];

/**
 * Servers that speak valid HTTP/2 but invalid or unusual gRPC.
 * @param overlooks the engine accepts some of the faults
 */
export function describeUnrulyServers(makeEngine: MakeEngine, { overlooks = false } = {}): void {
  describe('unruly servers', () => {
    const bench = grpcBench(makeEngine);

    async function askFor({ headers, body, trailers }: OddAnswer) {
      const server = await bench.closing(
        serveStreams((stream) => {
          stream.resume();
          if (trailers !== undefined) stream.on('wantTrailers', () => stream.sendTrailers(trailers));
          const endStream = body === undefined && trailers === undefined;
          stream.respond(
            { ':status': 200, ...headers },
            { endStream, waitForTrailers: trailers !== undefined },
          );
          if (!endStream) stream.end(body);
        }),
      );
      const origin = `http://127.0.0.1:${server.port}`;
      return ask(await bench.session(origin, { maxReceiveBytes: LIMIT_BYTES }), '?');
    }

    test.each(NO_GRPC)('$name: the engine sets the status', async (answer) => {
      const {
        call: { messages },
        end: { status, failure },
      } = await askFor(answer);
      expect(status).toBe(overlooks ? (answer.overlooked ?? answer.status) : answer.status);
      expect(failure === undefined).toBe(status === StatusCode.OK);
      if (answer.messages !== undefined) expect(messages.map(String)).toEqual(answer.messages);
    });

    test.each(ODD)('$name: the server sets the status', async (answer) => {
      const {
        call: { messages },
        end: { status, failure },
      } = await askFor(answer);
      expect({ status, failure }).toEqual({ status: answer.status, failure: undefined });
      expect(messages.map(String)).toEqual(answer.messages ?? (answer.body ? ['ok'] : []));
    });
  });
}
