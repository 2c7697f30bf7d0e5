import { describe, expect, test } from '@jest/globals';
import { serveApi } from '../../../../../test/support/control-api.js';

const ORIGIN = 'https://platform.example';
const access = { token: 'a-token', allowedOrigins: [ORIGIN] };
const page = { origin: ORIGIN, 'sec-fetch-site': 'cross-site' };
const withToken = { ...page, authorization: 'Bearer a-token' };

/** The CORS headers of a response. */
function corsOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control')));
}

describe('a page of an allowed origin', () => {
  test('may read views and event streams, and give orders', async () => {
    await using api = await serveApi({ access });
    for (const [method, path] of [
      ['GET', 'status'],
      ['GET', 'events'],
      ['POST', 'stop'],
    ]) {
      const response = await fetch(`${api.url}/v1/runs/current/${path}`, {
        method: method!,
        headers: withToken,
      });
      expect([path, response.status, corsOf(response)]).toEqual([
        path,
        200,
        { 'access-control-allow-origin': ORIGIN },
      ]);
      expect(response.headers.get('vary')).toBe('origin');
      await response.body?.cancel();
    }
    expect(api.run.orders).toEqual(['stop']);
  });

  test('needs the token on loopback, too, and can read why it is refused', async () => {
    await using api = await serveApi({ access });
    const response = await fetch(`${api.url}/v1/runs/current/status`, { headers: page });
    expect([response.status, corsOf(response)]).toEqual([401, { 'access-control-allow-origin': ORIGIN }]);
    expect(await response.json()).toMatchObject({ code: 'token-missing' });
    // Programs do not.
    expect((await fetch(`${api.url}/v1/runs/current/status`)).status).toBe(200);
  });

  test('gets an answer to its preflight, which carries no token and does nothing', async () => {
    await using api = await serveApi({ access, address: { host: '0.0.0.0' } });
    const headers = { ...page, 'access-control-request-method': 'POST' };
    const response = await fetch(`${api.url}/v1/runs/current/stop`, { method: 'OPTIONS', headers });
    expect([response.status, corsOf(response)]).toEqual([
      204,
      {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
        'access-control-max-age': '600',
      },
    ]);
    expect(api.run.orders).toEqual([]);
    // A request without the wanted method is not a preflight.
    const other = await fetch(`${api.url}/v1/runs/current/stop`, { method: 'OPTIONS', headers: withToken });
    expect(other.status).toBe(405);
  });
});

describe('beside an allowed origin', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'http://platform.example' },
    { origin: 'https://platform.example:8443' },
    { origin: 'https://platform.example.evil.example' },
    { origin: 'null' },
    // A request without CORS, as of an image.
    { 'sec-fetch-site': 'cross-site' },
  ])('a page with %j is refused', async (headers: { [name: string]: string | undefined }) => {
    await using api = await serveApi({ access });
    for (const [method, more] of [
      ['GET', { authorization: 'Bearer a-token' }],
      ['OPTIONS', { 'access-control-request-method': 'POST' }],
    ] as const) {
      const response = await fetch(`${api.url}/v1/runs/current/status`, {
        method,
        headers: { ...headers, ...more } as Record<string, string>,
      });
      expect([response.status, corsOf(response)]).toEqual([403, {}]);
    }
  });
});
