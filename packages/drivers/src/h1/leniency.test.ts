import { describe, expect, test } from '@jest/globals';
import { read, readInPieces, type Recorded } from '../../../../test/contract/support/recorded-response.js';
import { ODDITIES, type Oddity } from '../engine/oddities.js';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const COUNTED = 'content-length: 2\r\n\r\nok';

interface Read {
  /** A header of a two-byte response, in addition to those that frame it. */
  readonly header?: readonly [string, string];
  readonly trailer?: readonly [string, string];
  readonly oddities: readonly Oddity[];
  readonly keepAlive?: boolean;
}

const READ: [string, string, Read][] = [
  ['a folded header', `${OK}x: a\r\n b\r\n${COUNTED}`, { header: ['x', 'a b'], oddities: [ODDITIES.folded] }],
  [
    'a header folded twice, with tabs and spaces',
    `${OK}x: a \t\r\n\t \tb\r\n  c  \r\n${COUNTED}`,
    { header: ['x', 'a b c'], oddities: [ODDITIES.folded] },
  ],
  [
    'a header that begins after its fold, and ends with an empty one',
    `${OK}x:\r\n a\r\n \r\n${COUNTED}`,
    { header: ['x', 'a'], oddities: [ODDITIES.folded] },
  ],
  [
    'line feeds alone',
    `${OK}x: a\n${COUNTED}`.replaceAll('\r\n', '\n'),
    { header: ['x', 'a'], oddities: [ODDITIES.lineFeed] },
  ],
  ['a line feed after the status', `HTTP/1.1 200\n${COUNTED}`, { oddities: [ODDITIES.lineFeed] }],
  ['a line feed as the empty line', `${OK}content-length: 2\r\n\nok`, { oddities: [ODDITIES.lineFeed] }],
  ['a line feed after a header', `${OK}x: a\n${COUNTED}`, { oddities: [ODDITIES.lineFeed] }],
  [
    'whitespace before a colon',
    `${OK}x \t : a\r\n${COUNTED}`,
    { header: ['x', 'a'], oddities: [ODDITIES.spaceInName] },
  ],
  [
    'whitespace before the colon of a length',
    `${OK}content-length : 2\r\n\r\nok`,
    { oddities: [ODDITIES.spaceInName] },
  ],
  [
    'several spaces before the status',
    `HTTP/1.1   200 OK\r\n${COUNTED}`,
    { oddities: [ODDITIES.statusSpaces] },
  ],
  [
    'several of them',
    `HTTP/1.1  200 OK\nx : a\n b\n${COUNTED}`,
    {
      header: ['x', 'a b'],
      oddities: [ODDITIES.folded, ODDITIES.lineFeed, ODDITIES.spaceInName, ODDITIES.statusSpaces],
    },
  ],
  [
    'a length, then chunks',
    `${OK}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    { oddities: [ODDITIES.twoFramings], keepAlive: false },
  ],
  [
    'chunks, then a length',
    `${OK}transfer-encoding: chunked\r\ncontent-length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    { oddities: [ODDITIES.twoFramings], keepAlive: false },
  ],
  ['identity', `${OK}transfer-encoding: identity\r\n${COUNTED}`, { oddities: [ODDITIES.identity] }],
  [
    'whitespace after a chunk size',
    `${CHUNKED}2 \t\r\nok\r\n0 \r\n\r\n`,
    { oddities: [ODDITIES.chunkWhitespace] },
  ],
  [
    'whitespace before a chunk size',
    `${CHUNKED} \t2\r\nok\r\n0\r\n\r\n`,
    { oddities: [ODDITIES.chunkWhitespace] },
  ],
  ['line feeds after chunk sizes', `${CHUNKED}2\nok\r\n0\n\r\n`, { oddities: [ODDITIES.lineFeed] }],
  ['line feeds after chunks', `${CHUNKED}2\r\nok\n0\r\n\r\n`, { oddities: [ODDITIES.lineFeed] }],
  ['a line feed after an extension', `${CHUNKED}2;a=b\nok\r\n0\r\n\r\n`, { oddities: [ODDITIES.lineFeed] }],
  [
    'a space and a line feed after a chunk size',
    `${CHUNKED}2 \nok\r\n0\r\n\r\n`,
    { oddities: [ODDITIES.chunkWhitespace, ODDITIES.lineFeed] },
  ],
  [
    'a folded trailer',
    `${CHUNKED}2\r\nok\r\n0\r\nx: a\r\n b\r\n\r\n`,
    { trailer: ['x', 'a b'], oddities: [ODDITIES.folded] },
  ],
  [
    'trailers with line feeds alone',
    `${CHUNKED}2\r\nok\r\n0\r\nx: a\n\n`,
    { trailer: ['x', 'a'], oddities: [ODDITIES.lineFeed] },
  ],
  [
    'an odd provisional response',
    `HTTP/1.1 103 Early Hints\nlink: a\n\n${OK}x: b\r\n${COUNTED}`,
    { header: ['x', 'b'], oddities: [ODDITIES.lineFeed] },
  ],
];

describe('responses that curl, Go and browsers accept are read and reported', () => {
  test.each(READ)('%s', (_, bytes, { header, trailer, oddities, keepAlive = true }) => {
    const whole = read(bytes);
    expect(whole).toMatchObject({ end: 'complete', status: 200, body: 'ok', keepAlive, leftBytes: 0 });
    expect(whole.oddities).toEqual([...oddities].sort());
    if (header !== undefined) expect(pairs(whole.rawHeaders!)).toContainEqual(header);
    if (trailer !== undefined) expect(pairs(whole.rawTrailers!)).toEqual([trailer]);
    for (const pieceBytes of [1, 2, 3, 7, 50]) expect(readInPieces(bytes, pieceBytes)).toEqual(whole);
    // A second time: the cache of heads must not hide the oddity.
    expect(read(bytes)).toEqual(whole);
    expect(read(bytes, 'GET', true).end).toMatchObject({ code: 'MALFORMED' });
  });

  test.each(READ)('%s can be cut off anywhere, like a valid response', (_, bytes) => {
    for (let at = 1; at < bytes.length; at++) {
      const { end } = read(bytes.slice(0, at));
      if (end !== 'complete') expect(end).toMatchObject({ class: 'reset' });
    }
  });

  test('bytes after it are left', () => {
    const next = `${OK}content-length: 0\r\n\r\n`;
    for (const [, bytes] of READ) expect(read(bytes + next).leftBytes).toBe(next.length);
  });

  test('its limits are those of a valid response', () => {
    const endless = `${OK}x: a\n${'y: b\n'.repeat(20_000)}`;
    for (const pieceBytes of [Infinity, 1_000]) {
      expect(readInPieces(endless, pieceBytes).end).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
    }
    for (const pieceBytes of [Infinity, 1_000]) {
      const padded = (blanks: number): string => `${CHUNKED}${' '.repeat(blanks)}2\r\nok\r\n0\r\n\r\n`;
      expect(readInPieces(padded(16_000), pieceBytes).body).toBe('ok');
      expect(readInPieces(padded(20_000), pieceBytes).end).toMatchObject({ code: 'MALFORMED' });
    }
    const blanks = `${OK}x: a\r\n${' '.repeat(60_000)}b\r\n${COUNTED}`;
    expect(read(blanks).rawHeaders).toContain('a b');
  });
});

test('a section that cannot be mended is rejected before its end', () => {
  const lines = ['x: a', 'bad header', 'y: b', 'z: c'].map((line) => `${line}\n`).join('');
  for (const pieceBytes of [Infinity, 7, 1]) {
    expect(readInPieces(`${OK}${lines}`, pieceBytes).end).toMatchObject({ code: 'MALFORMED' });
  }
});

describe('ambiguous responses stay malformed', () => {
  test.each([
    ['a line break that is not CRLF', 'HTTP/1.1 200 OK\rA'],
    ['a line break that is not CRLF', `${OK}a: b\rc`],
    ['a header folded over several lines', `${OK} a: b\r\n${COUNTED}`],
    ['a space in a header name', `${OK}a b: c\r\n${COUNTED}`],
    ['a space in a header name', `${OK}a b : c\r\n${COUNTED}`],
    ['a header without a name', `${OK}x: a\n: b\n\n`],
    ['a header without a colon', `${OK}x: a\nb\n\n`],
    ['a forbidden character in a header value', `${OK}x: a\n b\0\n\n`],
    ['a content-length that is not a length', `${OK}content-length: 2\r\n 0\r\n\r\nok`],
    ['two different content-lengths', `${OK}content-length: 5\r\nContent-Length: 6\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: gzip, chunked\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: chunked, identity\r\n`],
    ['a broken chunk size', `${CHUNKED}5 5\r\n`],
    ['a broken chunk size', `${CHUNKED}\n`],
    ['a chunk longer than its size', `${CHUNKED}2\r\nokay`],
    ['a line break that is not CRLF', `${CHUNKED}2\r\nok\r0`],
  ])('%s: %j', (detail, bytes) => {
    const failure = { class: 'protocol', code: 'MALFORMED', message: `malformed response: ${detail}` };
    expect(read(bytes).end).toEqual(failure);
    expect(readInPieces(bytes, 1).end).toEqual(failure);
  });
});

function pairs(raw: NonNullable<Recorded['rawHeaders']>): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[i * 2]!, raw[i * 2 + 1]!]);
}
