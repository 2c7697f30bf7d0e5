import { describe, expect, test } from '@jest/globals';
import { ODD_RESPONSES } from '../../../../test/contract/support/odd-responses.js';
import {
  read,
  readInPieces,
  readPieces,
  type Recorded,
} from '../../../../test/contract/support/recorded-response.js';
import { ResponseParser, type ResponseSink } from './parser.js';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const HELLO = `${OK}content-length: 5\r\n\r\nhello`;

describe('parsed responses', () => {
  test.each<[string, string, Partial<Recorded>]>([
    [
      'a body of a given length',
      `${OK}Server: x\r\ncontent-length: 5\r\n\r\nhello`,
      {
        rawHeaders: ['Server', 'x', 'content-length', '5'],
        expectedBytes: 5,
        body: 'hello',
        keepAlive: true,
      },
    ],
    [
      'chunks with extensions and trailers',
      `${CHUNKED}5;note="x y"\r\nhello\r\n1 ; a\r\n!\r\n000\r\nx-sum: 42\r\nB:\r\n\r\n`,
      { expectedBytes: -1, body: 'hello!', rawTrailers: ['x-sum', '42', 'B', ''], keepAlive: true },
    ],
    [
      'a body that ends with the connection',
      `${OK}\r\nabc`,
      { expectedBytes: -1, body: 'abc', keepAlive: false },
    ],
    [
      'provisional responses before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\ncontent-length: 7\r\n\r\n${HELLO}`,
      { status: 200, rawHeaders: ['content-length', '5'], body: 'hello' },
    ],
    [
      'the status and the reason',
      'HTTP/1.1 404 Not  There\r\n\r\n',
      { status: 404, statusText: 'Not  There' },
    ],
    ['no reason', 'HTTP/1.1 999\r\n\r\n', { status: 999, statusText: '' }],
    ['what comes after it', `${HELLO}HTTP/1.1`, { body: 'hello', leftBytes: 8 }],
    [
      'whitespace around values, and none',
      `${OK}a:b\r\nc: \t d e\t \r\nf:\r\ng:\xa0h\xa0\r\n\r\n`,
      { rawHeaders: ['a', 'b', 'c', 'd e', 'f', '', 'g', '\xa0h\xa0'] },
    ],
    ['equal lengths', `${OK}content-length: 5, 05\r\nContent-Length: 5\r\n\r\nhello`, { body: 'hello' }],
  ])('%s', (_, bytes, expected) => {
    expect(read(bytes)).toMatchObject({ status: 200, end: 'complete', ...expected });
  });

  test.each([
    ['HEAD', `${OK}content-length: 9\r\n\r\n`],
    ['HEAD', CHUNKED],
    ['HEAD', `${OK}\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n'],
  ])('%s: no body after %j', (method, bytes) => {
    expect(read(`${bytes}more`, method)).toMatchObject({
      expectedBytes: 0,
      body: '',
      rawTrailers: [],
      end: 'complete',
      keepAlive: true,
      leftBytes: 4,
    });
  });
});

describe('the connection afterwards', () => {
  test.each<[string, boolean]>([
    [OK, true],
    [`${OK}connection: keep-alive\r\n`, true],
    [`${OK}connection: close\r\n`, false],
    [`${OK}Connection: Close\r\n`, false],
    [`${OK}connection: keep-alive, close\r\n`, false],
    [`${OK}connection: x\r\nconnection: \tclose \r\n`, false],
    [`${OK}connection: closer\r\n`, true],
    ['HTTP/1.0 200 OK\r\n', false],
    ['HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n', true],
    ['HTTP/1.0 200 OK\r\nconnection: Keep-Alive, x\r\n', true],
    ['HTTP/1.0 200 OK\r\nconnection: keep-alive, close\r\n', false],
  ])('%j: reusable is %s', (head, lives) => {
    expect(read(`${head}content-length: 0\r\n\r\n`)).toMatchObject({ end: 'complete', keepAlive: lives });
  });

  test('is not reused after HTTP/1.0 with chunks, which that version lacks', () => {
    const head = 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(read(`${head}0\r\n\r\n`)).toMatchObject({ end: 'complete', keepAlive: false });
  });

  test.each([
    ['timeout=5', 5_000],
    ['timeout=5, max=100', 5_000],
    ['max=100, Timeout = "60"', 60_000],
    ['timeout=0', 0],
    ['timeout=0.5', 500],
    ['timeout=2.25, max=7', 2_250],
    ['timeout=1.', 1_000],
    ['max=5', undefined],
    ['xtimeout=5', undefined],
    ['timeout=-5', undefined],
    ['timeout=99999999999999999999', undefined],
  ])('keep-alive: %s is a limit of %s ms', (value, limitMs) => {
    const bytes = `${OK}Keep-Alive: ${value}\r\ncontent-length: 0\r\n\r\n`;
    expect(read(bytes).keepAliveLimitMs).toBe(limitMs);
  });
});

describe('a connection that ends too early', () => {
  test.each([
    ['CLOSED_EARLY', ''],
    ['CLOSED_MID_RESPONSE', 'H'],
    ['CLOSED_MID_RESPONSE', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['CLOSED_MID_RESPONSE', HELLO.slice(0, -1)],
    ['CLOSED_MID_RESPONSE', `${CHUNKED}5\r\nhel`],
    ['CLOSED_MID_RESPONSE', `${CHUNKED}0\r\n`],
  ])('%s after %j', (code, bytes) => {
    expect(read(bytes)).toMatchObject({ end: { class: 'reset', code }, keepAlive: false });
  });
});

test.each(ODD_RESPONSES.map(({ name, bytes, method }) => [name, bytes, method] as const))(
  'cut anywhere, it stays the same: %s',
  (_, text, method) => {
    const isLong = text.length > 1_000;
    const told = (isLong ? [11, 1_000] : [1, 2, 3, 7]).map((size) => readInPieces(text, size, method));
    const bytes = Buffer.from(text, 'latin1');
    for (let cut = 1; cut < bytes.length && !isLong; cut++)
      told.push(readPieces([bytes.subarray(0, cut), bytes.subarray(cut)], method));
    const whole = JSON.stringify(read(text, method));
    expect(new Set(told.map((one) => JSON.stringify(one)))).toEqual(new Set([whole]));
  },
);

describe('several responses on one connection', () => {
  const nothing: ResponseSink = { onHead() {}, onBody() {}, onComplete() {} };

  test('do not affect each other', () => {
    const told: unknown[] = [];
    const parser = new ResponseParser({
      onHead: (head, expectedBytes) => told.push([head.status, expectedBytes]),
      onBody: (bytes, start, end) => told.push(bytes.toString('latin1', start, end)),
      onComplete: (rawTrailers) => told.push(rawTrailers),
    });
    for (const [method, text] of [
      ['GET', `${CHUNKED}2\r\nok\r\n0\r\nx: y\r\n\r\n`],
      ['HEAD', CHUNKED],
      ['GET', `${OK}connection: close\r\nkeep-alive: timeout=3\r\ncontent-length: 0\r\n\r\n`],
      ['GET', HELLO],
    ] as const) {
      const bytes = Buffer.from(text);
      parser.begin(method);
      expect(parser.busy).toBe(true);
      expect(parser.feed(bytes, bytes.length)).toBe(bytes.length);
      expect(parser.busy).toBe(false);
    }
    expect(told).toEqual([[200, -1], 'ok', ['x', 'y'], [200, 0], [], [200, 0], [], [200, 5], 'hello', []]);
    expect([parser.keepAlive, parser.keepAliveLimitMs]).toEqual([true, undefined]);
    expect(parser.finish()).toBeUndefined();
  });

  test('the next one may begin within `onComplete`, but not with the remaining bytes', () => {
    let completions = 0;
    const parser = new ResponseParser({
      ...nothing,
      onComplete() {
        completions++;
        parser.begin('GET');
      },
    });
    const bytes = Buffer.from(HELLO + HELLO);
    parser.begin('GET');
    expect(parser.feed(bytes, bytes.length)).toBe(HELLO.length);
    expect([completions, parser.busy]).toEqual([1, true]);
  });

  test('known heads give the same result as parsed ones', () => {
    const known = `${OK}Date: Sat, 07 Nov\r\nX-Id: abcdefg\r\nKeep-Alive: timeout=5\r\ncontent-length: 5\r\n\r\nhello`;
    const similar = [
      known.replace('07', '08'),
      known.replace('abcdefg', '1 :~^&('),
      known.replace('abcdefg', '\xe4\xf6\xfc\xff\x80\t '),
      known.replace('X-Id', 'Y-Id'),
      known.replace('X-Id', 'X-id'),
      known.replace('200 OK', '201 OK'),
      known.replace('200 OK', '204 OK'),
      known.replace('OK', 'KO'),
      known.replace('timeout=5', 'timeout=6'),
      known.replace('content-length: 5', 'content-length: 4'),
      known.replace('abcdefg', 'abc\0efg'),
      known.replace('abcdefg', 'abc\nefg'),
      known.replace('abcdefg', 'abc\x7ffg'),
      known.replace('abcdefg', 'a\r\nb: c'),
      known.replace('abcdefg', '\r\n\r\nabc'),
      known.replace('\r\n\r\nhello', '\r\na: hello'),
      known.replace('\r\n\r\nhello', '\r\nb:\r\nhello'),
    ];
    for (const text of similar) {
      for (let i = 0; i < 3; i++) expect(read(known)).toMatchObject({ body: 'hello', end: 'complete' });
      // Heads in pieces are not matched against known ones.
      for (let i = 0; i < 3; i++) expect(read(text)).toEqual(readInPieces(text, 5));
    }
  });

  test('bytes in memory after a piece are not matched', () => {
    const text = `${OK}x: ${'y'.repeat(100)}\r\ncontent-length: 0\r\n\r\n`;
    const bytes = Buffer.from(text);
    let heads = 0;
    const parser = new ResponseParser({ ...nothing, onHead: () => (heads += 1) });
    for (let i = 1; i <= 5; i++) {
      parser.begin('GET');
      parser.feed(bytes, bytes.length);
      expect(heads).toBe(i);
    }
    for (let lengthBytes = 1; lengthBytes < bytes.length; lengthBytes++) {
      parser.begin('GET');
      expect(parser.feed(bytes, lengthBytes)).toBe(lengthBytes);
      expect(heads).toBe(5);
    }
  });

  test.each(['onHead', 'onBody', 'onComplete'] as const)('no event follows after `abandon` in %s', (when) => {
    const told: string[] = [];
    const tell = (what: keyof ResponseSink) => (): void => {
      told.push(what);
      if (what === when) parser.abandon();
    };
    const parser = new ResponseParser({
      onHead: tell('onHead'),
      onBody: tell('onBody'),
      onComplete: tell('onComplete'),
    });
    for (const text of [HELLO, `${CHUNKED}2\r\nok\r\n0\r\n\r\n`]) {
      told.length = 0;
      const bytes = Buffer.from(text);
      parser.begin('GET');
      expect(parser.feed(bytes, bytes.length)).toBeLessThanOrEqual(bytes.length);
      expect(told.at(-1)).toBe(when);
      expect([parser.busy, parser.keepAlive, parser.finish()]).toEqual([false, false, undefined]);
    }
  });
});
