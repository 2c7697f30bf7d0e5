import { describe, expect, test } from '@jest/globals';
import { read } from './recorded.test-support.js';

const OK = 'HTTP/1.1 200 OK\r\n';

describe('a response', () => {
  test('of a given length', () => {
    expect(read(`${OK}Server: x\r\ncontent-length: 5\r\n\r\nhello`)).toMatchObject({
      status: 200,
      statusText: 'OK',
      rawHeaders: ['Server', 'x', 'content-length', '5'],
      expectedBytes: 5,
      body: 'hello',
      rawTrailers: [],
      end: 'complete',
      keepAlive: true,
      leftBytes: 0,
    });
  });

  test('in chunks with extensions and trailers', () => {
    const answer = `${OK}transfer-encoding: Chunked\r\n\r\n5;note="x y"\r\nhello\r\n1 ; a\r\n!\r\n000\r\nx-sum: 42\r\nB:\r\n\r\n`;
    expect(read(answer)).toMatchObject({
      expectedBytes: -1,
      body: 'hello!',
      rawTrailers: ['x-sum', '42', 'B', ''],
      end: 'complete',
      keepAlive: true,
    });
  });

  test('that ends with the connection', () => {
    expect(read(`${OK}\r\nabc`)).toMatchObject({
      expectedBytes: -1,
      body: 'abc',
      end: 'complete',
      keepAlive: false,
    });
  });

  test('without a body', () => {
    for (const head of [
      'HTTP/1.1 204 No Content\r\n',
      'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n',
    ]) {
      expect(read(`${head}\r\n`)).toMatchObject({ expectedBytes: 0, body: '', keepAlive: true });
    }
    for (const framing of ['content-length: 9', 'transfer-encoding: chunked', 'x: y']) {
      expect(read(`${OK}${framing}\r\n\r\n`, 'HEAD')).toMatchObject({ expectedBytes: 0, keepAlive: true });
    }
  });

  test('after several provisional ones', () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\ncontent-length: 7\r\n\r\n';
    expect(read(`HTTP/1.1 100 Continue\r\n\r\n${hints}${OK}content-length: 0\r\n\r\n`)).toMatchObject({
      status: 200,
      rawHeaders: ['content-length', '0'],
    });
  });
});
