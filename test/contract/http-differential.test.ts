import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differentialBench, type Scene, type Seen, type View } from './http-differential/bench.js';
import { anyResponse, bytesOf } from './support/generated-responses.js';
import { LLHTTP_DIFFERENCES, ODD_RESPONSES } from './support/odd-responses.js';

/**
 * Intended differences between the engines, and why. undici uses llhttp, the parser of Node.
 */
const DIFFERENCES: Readonly<Record<string, string>> = {
  ...LLHTTP_DIFFERENCES,
  'whitespace after a value': 'RFC 9112 §5: not part of the value; undici keeps it',
  'a reason with bytes above ASCII': 'RFC 9112 §4: their meaning is undefined; undici reads them as UTF-8',
  '304 with a content-length': 'RFC 9112 §6.3: it has no body; undici waits for one',
  '100': 'RFC 9110 §15.2: may come at any time; undici rejects it without a request for it',
  'several 1xx': 'as 100',
  '1xx and nothing more': 'as 100: the error is the missing final response',
  'a length beyond 2^53': 'cannot be counted exactly; undici reads until the connection ends',
  'a size beyond 2^53': 'as a length beyond 2^53',
  'an extension of 20,000 bytes': 'limited to 16 KB a chunk, as in Node; undici has no limit',
};

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const DATE = 'Date: Sat, 07 Nov 2026 10:11:12 GMT\r\n';

/** One response for each way to frame a body, to be cut at every byte. */
const RECORDED: readonly { readonly name: string; readonly method?: string; readonly bytes: string }[] = [
  {
    name: 'a file from nginx',
    bytes:
      `${OK}Server: nginx/1.22.1\r\n${DATE}Content-Type: text/plain\r\nContent-Length: 11\r\n` +
      'ETag: "654a0c60-b"\r\nAccept-Ranges: bytes\r\n\r\nhello world',
  },
  {
    name: 'chunks from Node',
    bytes: `${OK}${DATE}Keep-Alive: timeout=5\r\n${CHUNKED}\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`,
  },
  {
    name: 'chunks with extensions and trailers',
    bytes: `${OK}${CHUNKED}\r\n5;a="b c";d\r\nhello\r\n0;e\r\nX-Sum: 42\r\nx-none:\r\n\r\n`,
  },
  { name: 'no length', bytes: `HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\n\r\nhello world` },
  {
    name: 'a provisional response before it',
    bytes: `HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n${OK}content-length: 2\r\n\r\nok`,
  },
  { name: '204', bytes: 'HTTP/1.1 204 No Content\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n' },
  { name: '304', bytes: 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n' },
  { name: 'HEAD', method: 'HEAD', bytes: `${OK}content-length: 11\r\n\r\n` },
];

describe('the native engine and undici', () => {
  const bench = differentialBench();

  test('have equal results for odd responses, except for listed ones', async () => {
    const scenes = ODD_RESPONSES.map(({ name, bytes, method }) => scene(name, method, [bytes]));
    const differing = (await bench.watch(scenes)).filter(
      ({ native, undici }) => !isDeepStrictEqual(native, undici),
    );
    expect(differing.filter(({ name }) => !(name in DIFFERENCES))).toEqual([]);
    expect(differing.map(({ name }) => name).sort()).toEqual(Object.keys(DIFFERENCES).sort());
  });

  test.each(RECORDED)(
    'have equal results for a response split at any byte: $name',
    async ({ bytes, method }) => {
      const cuts = placesIn(bytes).map((at) =>
        scene(`at ${at}`, method, [bytes.slice(0, at), bytes.slice(at)]),
      );
      const views = await bench.watch([...cuts, scene('everywhere', method, bytes.split(''))]);
      expect(views.filter(differBesidesReason)).toEqual([]);
      expect(new Set(views.map(({ native }) => JSON.stringify(native))).size).toBe(1);
    },
  );

  test.each(RECORDED)(
    'have equal results for a response that is cut off at any byte: $name',
    async ({ bytes, method }) => {
      const broken = placesIn(bytes).map((at) => scene(`at ${at}`, method, [bytes.slice(0, at)]));
      expect((await bench.watch(broken)).filter(differBesidesReason)).toEqual([]);
    },
  );

  test('have equal results for any well-formed response', async () => {
    // undici waits for a body that these statuses do not have.
    const agreed = anyResponse.filter(
      ({ status, framing }) => framing !== 'counted' || (status !== 204 && status !== 304),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(agreed, fc.nat(300)), { minLength: 1, maxLength: 20 }),
        async (responses) => {
          const scenes = responses.map(([response, at]) => {
            const bytes = bytesOf(response);
            return scene(JSON.stringify(bytes), response.method, [bytes.slice(0, at), bytes.slice(at)]);
          });
          expect((await bench.watch(scenes)).filter(differBesidesReason)).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each([
    ['a length', `${OK}content-length: 2\r\n\r\nok`, 1],
    ['chunks', `${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx: y\r\n\r\n`, 1],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 1],
    ['connection: close', `${OK}connection: close\r\ncontent-length: 2\r\n\r\nok`, 3],
    ['connection: x, Close', `${OK}connection: x, Close\r\ncontent-length: 2\r\n\r\nok`, 3],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', 3],
    ['HTTP/1.0 kept alive', 'HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 2\r\n\r\nok', 1],
    ['bytes after the end', `${OK}content-length: 2\r\n\r\nok and more`, 3],
    ['a second answer', `${OK}content-length: 2\r\n\r\nok`.repeat(2), 3],
    ['keep-alive', `${OK}keep-alive: timeout=5\r\ncontent-length: 2\r\n\r\nok`, 1],
  ])('agree on keeping the connection: %s', async (_, answer, connections) => {
    expect(await bench.connections(answer)).toEqual({ native: connections, undici: connections });
  });
});

/** undici reads a reason as UTF-8, and keeps only the second piece of a split one. */
function differBesidesReason({ native, undici }: View): boolean {
  const withoutReason = (seen: Seen) => (typeof seen === 'string' ? seen : { ...seen, statusText: '' });
  return !isDeepStrictEqual(withoutReason(native), withoutReason(undici));
}

function scene(name: string, method = 'GET', pieces: readonly string[]): Scene {
  return { name, method, pieces: pieces.map((piece) => Buffer.from(piece, 'latin1')) };
}

function placesIn(bytes: string): number[] {
  return Array.from({ length: bytes.length }, (_, at) => at);
}
