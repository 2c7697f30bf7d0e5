import http2 from 'node:http2';
import { describe, expect, test } from '@jest/globals';
import type { HttpSettings } from '@drumline/drivers';
import { answerRaw } from '../support/servers.js';
import { clientBench } from './bench.js';

const ANSWERS: [string, string, string][] = [
  [
    'headers folded over several lines',
    'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok',
    'malformed response: a header folded over several lines',
  ],
  [
    'line breaks that are not CRLF',
    'HTTP/1.1 200 OK\nX: a b\nContent-Length: 2\n\nok',
    'malformed response: a line break that is not CRLF',
  ],
  [
    'both content-length and transfer-encoding',
    'HTTP/1.1 200 OK\r\nX: a b\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'malformed response: both content-length and transfer-encoding',
  ],
  [
    'whitespace around a chunk size',
    'HTTP/1.1 200 OK\r\nX: a b\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0\r\n\r\n',
    'malformed response: a broken chunk size',
  ],
];

describe('invalid responses that curl, Go and browsers accept', () => {
  const bench = clientBench();

  test.each(ANSWERS)('%s: accepted with a note, unless strict', async (oddity, answer, malformed) => {
    const server = await bench.closing(answerRaw((socket) => socket.write(answer, 'latin1')));
    const { http, samples, oddities } = await bench.client(server.origin);
    for (let i = 0; i < 3; i++) {
      const response = await http.get('/p');
      expect([response.status, response.text(), response.headers.get('x')]).toEqual([200, 'ok', 'a b']);
    }
    expect(new Set(oddities)).toEqual(new Set([`GET /p: ${oddity}`]));
    // The connection is not reused if the end of the response is ambiguous.
    expect(server.connections).toBe(oddity.startsWith('both') ? 3 : 1);
    const strict = await bench.client(server.origin, { strict: true });
    expect((await strict.http.get('/p')).failure).toBe(malformed);
    expect([samples.length, strict.oddities]).toEqual([3, []]);
  });

  test.each<[string, HttpSettings]>([
    ['are removed and reported', { version: '2' }],
    ['are malformed to a strict client', { version: '2', strict: true }],
  ])('spaces around a header value of HTTP/2 %s', async (_, settings) => {
    const server = http2.createServer((_request, response) => {
      response.setHeader('x-powered-by', 'Framework ');
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { http, oddities, driver } = await bench.client(`http://127.0.0.1:${port}`, settings);
    const response = await http.get('/p');
    if (settings.strict === true) {
      expect(response.failure).toBe('malformed response: a header value with whitespace around it');
    } else {
      expect([response.failure, response.headers.get('x-powered-by')]).toEqual([undefined, 'Framework']);
      expect(oddities).toEqual(['GET /p: whitespace around a header value']);
    }
    await driver.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
