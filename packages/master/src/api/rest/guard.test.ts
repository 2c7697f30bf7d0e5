import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { serveApi } from '../../../../../test/support/control-api.js';

const TOKEN = 'a-token.of_the~test+/=';
const PATHS = [
  '/',
  '/openapi.json',
  '/v1/runs/current/status',
  '/v1/runs/current/events',
  '/nowhere',
  '/v1/%zz',
];

/** Sends a request with headers that `fetch` does not allow, such as `Host` and `Origin`. */
async function ask(
  port: number,
  path: string,
  headers: OutgoingHttpHeaders = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.headers['content-type'] === 'text/event-stream') {
    request.destroy();
    return { status: response.statusCode!, headers: response.headers, body: '' };
  }
  const body = (await response.toArray()).join('');
  return { status: response.statusCode!, headers: response.headers, body };
}

const everywhere = { host: '0.0.0.0' };

describe('off loopback', () => {
  test.each(PATHS)('%s rejects requests without the right token', async (path) => {
    await using api = await serveApi({ address: everywhere, access: { token: TOKEN } });
    for (const authorization of [
      undefined,
      'Bearer',
      `Basic ${TOKEN}`,
      TOKEN,
      `Bearer ${TOKEN}x`,
      'Bearer a b',
    ]) {
      const answer = await ask(api.port, path, authorization === undefined ? {} : { authorization });
      // An invalid path is rejected before authentication.
      if (path === '/v1/%zz') expect(answer.status).toBe(400);
      else expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(JSON.parse(answer.body)).toMatchObject({ error: expect.any(String) });
    }
  });

  test('the token opens every path under any host name', async () => {
    await using api = await serveApi({ address: everywhere, access: { token: TOKEN } });
    for (const path of ['/', '/openapi.json', '/v1/runs/current/status', '/v1/runs/current/events']) {
      const headers = { authorization: `bearer ${TOKEN}`, host: 'load.shop.example' };
      expect((await ask(api.port, path, headers)).status).toBe(200);
    }
    const stop = await ask(api.port, '/v1/runs/current/stop', { authorization: `Bearer ${TOKEN}` }, 'POST');
    expect([stop.status, api.run.orders]).toEqual([200, ['stop']]);
  });

  test('an order without the token is rejected, and the log does not quote it', async () => {
    await using api = await serveApi({ address: everywhere, access: { token: TOKEN } });
    for (let asked = 0; asked < 50; asked += 1) {
      expect(
        (await ask(api.port, '/v1/runs/current/stop', { authorization: 'Bearer guess' }, 'POST')).status,
      ).toBe(401);
    }
    expect(api.run.orders).toEqual([]);
    expect(new Set(api.refused.map(String))).toEqual(new Set(['request,its token is wrong, from 127.0.0.1']));
    expect(api.refused).toHaveLength(50);
  });

  test('without any token, only host names that are safe from DNS rebinding are answered', async () => {
    await using api = await serveApi({ address: everywhere });
    const statusFor = async (host: string): Promise<number> =>
      (await ask(api.port, '/v1/runs/current/status', { host })).status;
    for (const own of ['10.0.0.5:8089', '[fe80::1]:8089', 'master:8089', 'localhost']) {
      expect([own, await statusFor(own)]).toEqual([own, 200]);
    }
    for (const foreign of ['evil.example', '127.0.0.1.evil.example:8089', 'master.']) {
      expect([foreign, await statusFor(foreign)]).toEqual([foreign, 403]);
    }
  });
});

describe('on loopback', () => {
  test('a token is optional', async () => {
    await using api = await serveApi({ access: { token: TOKEN } });
    expect((await ask(api.port, '/v1/runs/current/status')).status).toBe(200);
    expect(
      (await ask(api.port, '/v1/runs/current/status', { authorization: `Bearer ${TOKEN}` })).status,
    ).toBe(200);
    expect((await ask(api.port, '/v1/runs/current/status', { authorization: 'Bearer other' })).status).toBe(
      200,
    );
  });

  test('a rebound host name is rejected', async () => {
    await using api = await serveApi();
    const statusFor = async (host: string): Promise<number> =>
      (await ask(api.port, '/v1/runs/current/status', { host })).status;
    for (const own of ['localhost', `127.0.0.1:${api.port}`, '[::1]:80'])
      expect(await statusFor(own)).toBe(200);
    for (const foreign of ['evil.example', '10.0.0.5', 'localhost.evil.example', 'master']) {
      expect([foreign, await statusFor(foreign)]).toEqual([foreign, 403]);
    }
  });
});

describe('pages of other origins', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])(
    'with %j cannot read or control anything, and get no CORS header',
    async (headers: OutgoingHttpHeaders) => {
      await using api = await serveApi({ access: { token: TOKEN } });
      const preflight = { ...headers, 'access-control-request-method': 'POST' };
      for (const [method, path, sent] of [
        ['GET', '/v1/runs/current/status', headers],
        ['POST', '/v1/runs/current/stop', { ...headers, authorization: `Bearer ${TOKEN}` }],
        ['OPTIONS', '/v1/runs/current/stop', preflight],
      ] as const) {
        const answer = await ask(api.port, path, sent, method);
        expect(answer.status).toBe(403);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(answer.body).not.toContain('evil');
      }
      expect(api.run.orders).toEqual([]);
    },
  );

  test('are distinguished from pages of the API itself', async () => {
    await using api = await serveApi();
    const own = { origin: `http://127.0.0.1:${api.port}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask(api.port, '/v1/runs/current/pause', own, 'POST')).status).toBe(200);
    const preflight = await ask(api.port, '/v1/runs/current/pause', own, 'OPTIONS');
    expect(preflight.status).toBe(405);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

test.each([
  ['a view', '/v1/runs/current/status', {}, 200],
  ['a stream of events', '/v1/runs/current/events', {}, 200],
  ['an unknown path', '/nowhere', {}, 404],
  ['an invalid path', '/v1/%zz', {}, 400],
  ['a refusal', '/v1/runs/current/status', { origin: 'https://evil.example' }, 403],
  ['headers that are too long', '/v1/runs/current/status', { 'x-long': 'x'.repeat(10_000) }, 431],
])('%s comes with the security headers', async (_what, path, headers: OutgoingHttpHeaders, status) => {
  await using api = await serveApi();
  const answer = await ask(api.port, path, headers);
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});
