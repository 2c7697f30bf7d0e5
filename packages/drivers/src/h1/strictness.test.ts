import { describe, expect, test } from '@jest/globals';
import { read, readInPieces } from '../../../../test/contract/support/recorded-response.js';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const HEAD_LIMIT_BYTES = 64 * 1024;
const CHUNK_LINE_LIMIT_BYTES = 16 * 1024;

describe('responses that a strict parser rejects', () => {
  // In each case, only the last byte is wrong.
  test.each([
    ['it does not begin with HTTP/', 'S'],
    ['it does not begin with HTTP/', '\r'],
    ['it does not begin with HTTP/', 'HTTP1'],
    ['an HTTP version other than 1.0 and 1.1', 'HTTP/2'],
    ['an HTTP version other than 1.0 and 1.1', 'HTTP/1.2'],
    ['a broken status line', 'HTTP/1.1\t'],
    ['a broken status line', 'HTTP/1.1  '],
    ['a broken status line', 'HTTP/1.1 0'],
    ['a broken status line', 'HTTP/1.1 2O'],
    ['a broken status line', 'HTTP/1.1 2000'],
    ['a broken status line', 'HTTP/1.1 200-'],
    ['a broken status line', 'HTTP/1.1 200 O\0'],
    ['a line break that is not CRLF', 'HTTP/1.1 200 OK\n'],
    ['a line break that is not CRLF', 'HTTP/1.1 200 OK\rA'],
    ['a line break that is not CRLF', `${OK}a\n`],
    ['a line break that is not CRLF', `${OK}a: b\n`],
    ['a line break that is not CRLF', `${OK}a: b\rc`],
    ['a line break that is not CRLF', `${OK}\r\r`],
    ['a header folded over several lines', `${OK}a: b\r\n `],
    ['a header folded over several lines', `${OK}\t`],
    ['a header without a name', `${OK}:`],
    ['a header without a colon', `${OK}a\r`],
    ['a space in a header name', `${OK}a `],
    ['a space in a header name', `${OK}a\t`],
    ['a forbidden character in a header name', `${OK}a\0`],
    ['a forbidden character in a header name', `${OK}"`],
    ['a forbidden character in a header name', `${OK}\xe4`],
    ['a forbidden character in a header value', `${OK}a: \0`],
    ['a forbidden character in a header value', `${OK}a: bcdefgh\x7f`],
    ['a content-length that is not a length', `${OK}content-length:\r\n`],
    ['a content-length that is not a length', `${OK}content-length: -5\r\n`],
    ['a content-length that is not a length', `${OK}content-length: +5\r\n`],
    ['a content-length that is not a length', `${OK}content-length: 5 5\r\n`],
    ['a content-length that is not a length', `${OK}content-length: 5,\r\n`],
    ['a content-length that is not a length', `${OK}content-length: 5x\r\n`],
    ['a content-length that is not a length', `${OK}content-length: 9007199254740992\r\n`],
    ['two different content-lengths', `${OK}content-length: 5\r\nContent-Length: 6\r\n`],
    ['two different content-lengths', `${OK}content-length: 5, 6\r\n`],
    ['both content-length and transfer-encoding', `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n`],
    ['both content-length and transfer-encoding', `${OK}transfer-encoding: chunked\r\ncontent-length: 5\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: gzip\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: gzip, chunked\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: chunked, chunked\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding: chunkedx\r\n`],
    ['a transfer-encoding other than chunked', `${OK}transfer-encoding:\r\n`],
    ['a transfer-encoding other than chunked', `${OK}${'transfer-encoding: chunked\r\n'.repeat(2)}`],
    ['a broken chunk size', `${CHUNKED}\r`],
    ['a broken chunk size', `${CHUNKED} `],
    ['a broken chunk size', `${CHUNKED}5 \r`],
    ['a broken chunk size', `${CHUNKED}-`],
    ['a broken chunk size', `${CHUNKED}0x`],
    ['a broken chunk size', `${CHUNKED}5\n`],
    ['a chunk size that is too large', `${CHUNKED}20000000000000`],
    ['a forbidden character in a chunk extension', `${CHUNKED}5;a\n`],
    ['a line break that is not CRLF', `${CHUNKED}5;a\ra`],
    ['a line break that is not CRLF', `${CHUNKED}5\rh`],
    ['a line break that is not CRLF', `${CHUNKED}5\r\nhello\r0`],
    ['a chunk longer than its size', `${CHUNKED}5\r\nhello!`],
    ['a header without a colon', `${CHUNKED}0\r\nx\r`],
  ])('%s: %j', (detail, bytes) => {
    const failure = { class: 'protocol', code: 'MALFORMED', message: `malformed response: ${detail}` };
    expect(read(bytes, 'GET', true).end).toEqual(failure);
    expect(read(bytes.slice(0, -1), 'GET', true).end).toMatchObject({ class: 'reset' });
  });

  test.each([
    ['GET', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
    ['CONNECT', `${OK}\r\n`],
  ])('%s: a switch to another protocol', (method, bytes) => {
    expect(read(bytes, method).end).toEqual({
      class: 'protocol',
      code: 'UNEXPECTED_UPGRADE',
      message: 'malformed response: a switch to another protocol',
    });
  });
});

describe('limits', () => {
  const headOf = (sizeBytes: number): string => {
    const frame = `${OK}x: \r\ncontent-length: 0\r\n\r\n`;
    return frame.replace('x: ', `x: ${'y'.repeat(sizeBytes - frame.length)}`);
  };
  const hint = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

  test.each([
    ['one head', headOf(HEAD_LIMIT_BYTES)],
    ['provisional heads and a head', hint.repeat(100) + headOf(HEAD_LIMIT_BYTES - hint.length * 100)],
  ])('%s of 64 KB and not a byte more', (_, head) => {
    for (const pieceBytes of [Infinity, 1000, 7]) {
      expect(readInPieces(head, pieceBytes).end).toBe('complete');
      const larger = head.replace('x: ', 'x: y');
      expect(readInPieces(larger, pieceBytes).end).toEqual({
        class: 'protocol',
        code: 'HEADERS_TOO_LARGE',
        message: 'malformed response: headers are too large',
      });
    }
  });

  test('an endless series of 1xx heads', () => {
    expect(readInPieces(hint.repeat(10_000), 1000).end).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
  });

  test.each([
    ['zeros', '2'.padStart(CHUNK_LINE_LIMIT_BYTES - 2, '0')],
    ['extensions', '2;'.padEnd(CHUNK_LINE_LIMIT_BYTES - 2, 'x')],
  ])('a line with the size of a chunk, of 16 KB with %s and not a byte more', (_, line) => {
    for (const pieceBytes of [Infinity, 1000, 7]) {
      expect(readInPieces(`${CHUNKED}${line}\r\nok\r\n0\r\n\r\n`, pieceBytes).body).toBe('ok');
      expect(readInPieces(`${CHUNKED}0${line}\r\nok\r\n0\r\n\r\n`, pieceBytes).end).toEqual({
        class: 'protocol',
        code: 'MALFORMED',
        message: 'malformed response: a chunk extension that is too large',
      });
    }
  });

  test('trailers of 64 KB and not a byte more', () => {
    const section = `x: ${'y'.repeat(HEAD_LIMIT_BYTES - 7)}\r\n\r\n`;
    for (const pieceBytes of [Infinity, 1000, 7]) {
      expect(readInPieces(`${CHUNKED}0\r\n${section}`, pieceBytes).end).toBe('complete');
      expect(readInPieces(`${CHUNKED}0\r\nx${section}`, pieceBytes).end).toEqual({
        class: 'protocol',
        code: 'HEADERS_TOO_LARGE',
        message: 'malformed response: trailers are too large',
      });
    }
  });
});
