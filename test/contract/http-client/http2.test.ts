import { describe, expect, test } from '@jest/globals';
import { until } from '../support/closing.js';
import { serveStreams, type StreamHandler } from '../support/h2-peers.js';
import { bodyOf } from '../support/servers.js';
import { clientBench } from './bench.js';
import { EVENT_STREAM, inShort, readAll } from './event-support.js';

describe('over HTTP/2', () => {
  const bench = clientBench();
  const serving = async (onStream: StreamHandler) => {
    const server = await bench.closing(serveStreams(onStream));
    const client = await bench.client(`http://127.0.0.1:${server.port}`, { version: '2' });
    return { server, ...client };
  };

  test('an event stream shares its connection, which stays open after the stream is left', async () => {
    const { http, samples, server, late } = await serving((stream, headers) => {
      if (headers[':path'] !== '/events') {
        stream.end('ok');
        return;
      }
      stream.respond({ ':status': 200, ...EVENT_STREAM });
      const timer = setInterval(() => stream.write('data: x\n\n'), 5);
      stream.on('close', () => clearInterval(timer));
    });
    let seen = 0;
    for await (const event of http.events('/events')) {
      expect(event.data).toBe('x');
      expect((await http.get('/beside')).text()).toBe('ok');
      if ((seen += 1) === 2) break;
    }
    expect((await http.get('/after')).version).toBe('h2');
    expect(server.sessions).toHaveLength(1);
    expect(samples.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(samples.map(inShort)).toEqual(
      expect.arrayContaining([
        'http GET /events passed',
        'sse message /events passed',
        'http GET /after passed',
      ]),
    );
    expect(late).toEqual([]);
  });

  test('an event stream that the server resets fails its request', async () => {
    const { http, samples, late } = await serving((stream) => {
      stream.respond({ ':status': 200, ...EVENT_STREAM });
      stream.write('data: x\n\n');
      // `destroy` with an error resets at once with INTERNAL_ERROR. `close` would first end the
      // body.
      setTimeout(() => stream.destroy(new Error('gone')), 20);
    });
    expect(await readAll(http.events('/'))).toEqual(['message x']);
    expect(samples.map(inShort)).toEqual(['http GET / passed', 'sse message / passed']);
    expect(late.map(([, reason]) => reason)).toEqual([expect.stringContaining('INTERNAL_ERROR')]);
  });

  test('bodies are streamed in both directions; leaving one early does not affect the others', async () => {
    const { http, server } = await serving((stream, headers) => {
      if (headers[':method'] === 'POST') {
        void bodyOf(stream).then((body) => stream.end(String(body.length)));
        return;
      }
      stream.respond({ ':status': 200 });
      for (let i = 0; i < 100; i++) stream.write(Buffer.alloc(16_384));
      stream.end();
    });
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 100; i++) yield new Uint8Array(16_384);
    }
    const whole = await http.get('/', { responseBody: 'stream' });
    const left = await http.get('/', { responseBody: 'stream' });
    for await (const _ of left.body) break;
    expect(await bodyOf(whole.body)).toHaveLength(100 * 16_384);
    expect((await http.post('/', { body: pieces() })).text()).toBe(String(100 * 16_384));
    expect([left.failed, whole.version, server.sessions.length]).toEqual([false, 'h2', 1]);
  });

  test('the client answers a challenge and follows a redirect', async () => {
    const seen: string[] = [];
    const { http } = await serving((stream, headers) => {
      const path = headers[':path']!;
      seen.push(`${path} ${/uri="[^"]*"|$/.exec(headers.authorization ?? '')![0]}`);
      if (headers.authorization === undefined) {
        stream.respond({ ':status': 401, 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' });
      } else if (path === '/a') stream.respond({ ':status': 302, location: '/b' });
      else stream.respond({ ':status': 200 });
      stream.end();
    });
    http.auth({ username: 'ann', password: 'pw', digest: true });
    expect((await http.get('/a')).status).toBe(200);
    await until(() => seen.length === 3);
    expect(seen).toEqual(['/a ', '/a uri="/a"', '/b uri="/b"']);
  });
});
