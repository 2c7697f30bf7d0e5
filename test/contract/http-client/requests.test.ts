import { describe, expect, test } from '@jest/globals';
import { bodyOf, closedPort, serveHttp } from '../support/servers.js';
import type { Handler } from '../support/servers.js';
import { clientBench } from './bench.js';

const echo: Handler = (request, reply) => {
  void bodyOf(request).then((body) =>
    reply.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: body.toString(),
      }),
    ),
  );
};

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

describe('a request', () => {
  const bench = clientBench();

  test('has any method, and the headers of Drumline', async () => {
    const { http } = await bench.serving(echo);
    const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'] as const;
    for (const method of methods) {
      const seen = (await http[method]('/p')).json<Echo>();
      expect([seen.method, seen.url]).toEqual([method.toUpperCase(), '/p']);
    }
    expect((await http.head('/p')).status).toBe(200);
    const seen = (await http.request('report', '/p')).json<Echo>();
    expect(seen.method).toBe('REPORT');
    expect(seen.headers).toMatchObject({ 'user-agent': 'Drumline/1.2.3', accept: '*/*' });
    expect(seen.headers['accept-encoding']).toContain('gzip');
  });

  test('has json, form, binary and text bodies with their content types', async () => {
    const { http } = await bench.serving(echo);
    const send = async (options: Parameters<typeof http.post>[1]) => {
      const { body, headers } = (await http.post('/', options)).json<Echo>();
      return [body, headers['content-type']];
    };
    expect(await send({ json: { sku: 7, ü: null } })).toEqual(['{"sku":7,"ü":null}', 'application/json']);
    expect(await send({ json: null })).toEqual(['null', 'application/json']);
    expect(await send({ form: { a: 'x y&z', b: [1, 2], c: undefined } })).toEqual([
      'a=x+y%26z&b=1&b=2',
      'application/x-www-form-urlencoded',
    ]);
    expect(await send({ body: 'plain' })).toEqual(['plain', undefined]);
    expect(await send({ body: new Uint8Array([104, 105]) })).toEqual(['hi', undefined]);
    expect(await send({ json: {}, headers: { 'Content-Type': 'application/vnd.x+json' } })).toEqual([
      '{}',
      'application/vnd.x+json',
    ]);
  });

  test('has a multipart form that the web’s own parser reads', async () => {
    let form: Promise<FormData> | undefined;
    const { http } = await bench.serving((request, reply) => {
      void bodyOf(request).then((body) => {
        form = new Response(body, {
          headers: { 'content-type': request.headers['content-type']! },
        }).formData();
        reply.end();
      });
    });
    await http.post('/', {
      multipart: {
        'na"me': 'wärde',
        many: ['1', '2'],
        file: { content: new Uint8Array([0, 255, 13, 10]), filename: 'a "b".bin', contentType: 'image/png' },
      },
    });
    const parsed = await form!;
    expect(parsed.get('na"me')).toBe('wärde');
    expect(parsed.getAll('many')).toEqual(['1', '2']);
    const file = parsed.get('file') as File;
    expect([file.name, file.type]).toEqual(['a "b".bin', 'image/png']);
    expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0, 255, 13, 10]);
  });

  test('with two bodies or an invalid body is rejected by name and not counted', async () => {
    const { http, samples, server } = await bench.serving(echo);
    await expect(http.post('/', { json: 1, form: {} })).rejects.toThrow(/json and form are both set/);
    await expect(http.post('/', { json: () => {} })).rejects.toThrow(/json: a function/);
    await expect(http.post('/', { body: { a: 1 } as never })).rejects.toThrow(
      /for an object use json or form/,
    );
    await expect(http.get('/', { headers: { 'x-a': 'b\nc' } })).rejects.toThrow(/GET \/: .*x-a/);
    await expect(http.get('/', { timeout: 'soon' as never })).rejects.toThrow(/'soon' is not a duration/);
    expect([samples.length, server.requests]).toEqual([0, 0]);
  });

  test('adds query to the URL’s own query', async () => {
    const { http } = await bench.serving(echo);
    const url = async (...args: Parameters<typeof http.get>) => (await http.get(...args)).json<Echo>().url;
    expect(await url('/s', { query: { q: 'a b', page: 2, none: undefined } })).toBe('/s?q=a+b&page=2');
    expect(await url('/s?x=1#here', { query: { id: ['a', 'b'] } })).toBe('/s?x=1&id=a&id=b');
    expect(await url('/ä b', { query: {} })).toBe('/%C3%A4%20b');
  });

  test('has the headers of the plan, the user and the request; the last one wins', async () => {
    const { http, driver } = await bench.serving(echo, { headers: { 'User-Agent': 'mine', 'x-plan': '1' } });
    http.headers.set('X-User', '2').set('x-plan', '3');
    http.auth({ bearer: 'abc' });
    const seen = async (headers?: Record<string, string | undefined>) =>
      (await http.get('/', headers === undefined ? {} : { headers })).json<Echo>().headers;
    expect(await seen()).toMatchObject({
      'user-agent': 'mine',
      'x-plan': '3',
      'x-user': '2',
      authorization: 'Bearer abc',
    });
    const own = await seen({ 'X-PLAN': '4', 'x-user': undefined });
    expect(own['x-plan']).toBe('4');
    expect(own).not.toHaveProperty('x-user');
    http.auth({ username: 'ann', password: 'sécret' });
    expect((await seen()).authorization).toBe(`Basic ${Buffer.from('ann:sécret').toString('base64')}`);
    http.auth();
    expect(await seen()).not.toHaveProperty('authorization');
    const other = (await driver.openClient({ user: 'other' }).get('/')).json<Echo>().headers;
    expect(other).toMatchObject({ 'x-plan': '1' });
    expect(other).not.toHaveProperty('x-user');
  });
});

describe('the URL and the name of a request', () => {
  const bench = clientBench();

  test.each([
    ['', '/products?page=2', '/products?page=2', '/products'],
    ['', 'products', '/products', '/products'],
    ['', '?a=1', '/?a=1', '/'],
    ['/', '/', '/', '/'],
    ['/v2/', '/users', '/v2/users', '/users'],
    ['/v2', '', '/v2', '/'],
  ])('target + %j, URL %j: requests %j under the name %j', async (base, url, path, name) => {
    const server = await bench.closing(serveHttp(echo));
    const { http, samples } = await bench.client(server.origin + base);
    expect((await http.get(url)).json<Echo>().url).toBe(path);
    expect(samples[0]!.series).toEqual({
      protocol: 'http',
      method: 'GET',
      name,
      user: 'shopper',
      tags: [['region', 'eu']],
    });
  });

  test('an absolute URL is named by its path, or by origin and path outside the target', async () => {
    const other = await bench.closing(serveHttp(echo));
    const { http, samples, server } = await bench.serving(echo);
    await http.get(`${server.origin}/a?x=1`);
    await http.get(`${other.origin}/b?x=1`);
    expect(samples.map((sample) => sample.series.name)).toEqual(['/a', `${other.origin}/b`]);
    expect([server.requests, other.requests]).toEqual([1, 1]);
  });

  test('a request may set its name and tags; equal requests share one key object', async () => {
    const { http, samples, driver } = await bench.serving(echo);
    const options = { name: 'product', tags: { kind: 'b', also: 'a' } };
    await http.get('/p/1', options);
    await http.get('/p/2', options);
    await http.get('/p/2', { name: 'product' });
    await driver.openClient({ user: 'shopper', tags: { region: 'eu' } }).get('/p/2', { name: 'product' });
    expect(samples[0]!.series).toMatchObject({
      name: 'product',
      tags: [
        ['also', 'a'],
        ['kind', 'b'],
        ['region', 'eu'],
      ],
    });
    expect(samples[0]!.series).toBe(samples[1]!.series);
    expect(samples[2]!.series).not.toBe(samples[1]!.series);
    expect(samples[2]!.series).toBe(samples[3]!.series);
  });

  test('the error for a relative URL without a target has the remedy', async () => {
    const { http, samples } = await bench.client(undefined);
    await expect(http.get('/p')).rejects.toThrow(/set target in scenario\(.*--target/);
    await expect(http.get('ftp://x/y')).rejects.toThrow(/only http: and https:/);
    await expect(http.get('http://')).rejects.toThrow(/'http:\/\/' is not a valid URL/);
    expect(samples).toEqual([]);
    await expect(bench.client('shop.example')).rejects.toThrow(/'shop.example' is not a valid target/);
    await expect(bench.client('ftp://shop.example')).rejects.toThrow(/it must begin with http: or https:/);
  });

  test('user name and password in the target are sent as Basic authentication', async () => {
    const server = await bench.closing(serveHttp(echo));
    const { http } = await bench.client(server.origin.replace('://', '://ann:p%40ss@'));
    const { headers } = (await http.get('/')).json<Echo>();
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
  });

  test('a failure to connect is a counted sample and a response, not an exception', async () => {
    const port = await closedPort();
    const { http, samples } = await bench.client(`http://127.0.0.1:${port}`);
    const response = await http.get('/p');
    expect(response).toMatchObject({ status: 0, ok: false, failed: true, failure: 'connection refused' });
    expect([response.text(), response.headers.get('x')]).toEqual(['', null]);
    expect(() => response.json()).toThrow(
      /GET \/p: the body is not JSON \(there was no response: connection refused\)/,
    );
    // Errors are grouped by message. The address that refused is the example.
    expect(samples).toMatchObject([
      { outcome: 'failed', failure: 'connection refused', example: `127.0.0.1:${port}`, bytesSent: 0 },
    ]);
  });
});
