import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FakeRun, point, serveApi } from '../../../../../test/support/control-api.js';
import type { ApiAddress } from './server.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve(run = new FakeRun(), address: Partial<ApiAddress> = {}) {
  const served = await serveApi({ run, address });
  closing.push(() => served.api.close());
  return served;
}

async function postJson(url: string, body: unknown, type = 'application/json') {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function takePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  closing.push(async () => taken.close());
  return (taken.address() as AddressInfo).port;
}

describe('views', () => {
  test.each(['status', 'stats', 'workers'] as const)('%s returns the view of the run', async (view) => {
    const { url, run } = await serve();
    const expected = view === 'workers' ? { workers: [] } : view === 'status' ? run.status() : run.stats();
    expect(await (await fetch(`${url}/v1/runs/current/${view}`)).json()).toEqual(expected);
  });

  test('the timeline starts at the requested second', async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/v1/runs/current/timeline?from=7`)).json()).toEqual({
      fromSecond: 7,
      stepSeconds: 1,
      points: [point],
      annotations: [],
    });
    expect(await (await fetch(`${url}/v1/runs/current/timeline`)).json()).toMatchObject({ fromSecond: 0 });
    const bad = await fetch(`${url}/v1/runs/current/timeline?from=-1`);
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({
      error: expect.stringContaining('from must be a whole number'),
      code: 'argument-invalid',
    });
    const wrong = await fetch(`${url}/v1/runs/current/timeline?point=600`);
    expect(await wrong.json()).toMatchObject({
      error: expect.stringContaining("there is no parameter 'point'; did you mean points?"),
    });
  });

  test('a path answers other methods with 405 and lists its own', async () => {
    const { url } = await serve();
    const answer = await fetch(`${url}/v1/runs/current/users`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${url}/v1/nowhere`, { method: 'DELETE' })).status).toBe(404);
  });

  test('OpenAPI describes every status code of every path', async () => {
    const { url } = await serve();
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { responses: object }>>;
    };
    for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods)))
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '404', '405', '408', '413', '415', '431', '500']),
      );
  });

  test('OpenAPI names every operation once', async () => {
    const { url } = await serve();
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['getRuns', 'getRun', 'getRunStatus', 'postRunStop', 'getRunReport']),
    );
    for (const name of names) expect(name).toMatch(/^(get|post|put|delete|head)[A-Z][A-Za-z]+$/);
  });

  test('OpenAPI describes every path', async () => {
    const { url } = await serve();
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe('3.1.0');
    const ofRun =
      'status workers workers/history stats totals metrics series series/timeline timeline errors logs result report.{format} run-file events';
    const orders = 'start stop cancel users rate pause resume reset annotations';
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [
        '/v1/access',
        '/v1/compare',
        '/v1/finish',
        '/v1/scenarios',
        '/v1/scenarios/inspect',
        '/v1/scenarios/start',
        '/v1/scenarios/{path}',
        '/v1/health',
        '/v1/workers',
        '/v1/workers/{name}/drain',
        '/v1/runs',
        '/v1/runs/{id}',
        '/v1/artifacts/missing',
        '/v1/artifacts/{hash}',
        ...`${ofRun} ${orders}`.split(' ').map((name) => `/v1/runs/{id}/${name}`),
      ].toSorted(),
    );
  });

  test('a run is named by its id, a unique beginning of it, or current', async () => {
    const { url, run } = await serve();
    for (const id of ['current', run.id, 'r1-o'])
      expect(await (await fetch(`${url}/v1/runs/${id}`)).json()).toEqual(run.view());
    const answer = await fetch(`${url}/v1/runs/r1-off`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      error: "there is no run 'r1-off'",
      code: 'run-unknown',
      hint: 'Did you mean r1-of-tests?',
    });
    expect((await fetch(`${url}/v1/runs/r1-of/events`)).status).toBe(200);
    expect((await fetch(`${url}/v1/runs/r1/stop`, { method: 'POST' })).status).toBe(404);
    expect(run.orders).toEqual([]);
  });

  test('an unknown path is answered with 404 and the known paths', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/v1/runs/current/statistics`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: 'there is no GET /v1/runs/current/statistics',
      hint: expect.stringContaining('GET /v1/runs/{id}/stats,'),
      code: 'path-unknown',
    });
    expect(await (await fetch(url)).json()).toMatchObject({
      paths: expect.arrayContaining(['POST /v1/runs/{id}/stop']),
    });
  });
});

describe('reports', () => {
  test.each([
    ['json', 'application/json', '"schema":"drumline.result/1"'],
    ['html', 'text/html', '<!doctype html>'],
    ['csv', 'text/csv', 'Type,Name,Request Count'],
    ['history.csv', 'text/csv', 'Timestamp,'],
    ['failures.csv', 'text/csv', 'Method,Name,Error'],
    ['exceptions.csv', 'text/csv', 'Count,Message'],
    ['xml', 'application/xml', '<testsuites'],
    ['md', 'text/markdown', '# '],
  ])('the report has the format %s', async (format, type, part) => {
    const { url } = await serve();
    const answer = await fetch(`${url}/v1/runs/current/report.${format}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(type);
    expect((await answer.text()).slice(0, 5_000)).toContain(part);
  });

  test('the page cannot call the API, and another format is refused', async () => {
    const { url } = await serve();
    const { headers } = await fetch(`${url}/v1/runs/current/report.html`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-scripts$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${url}/v1/runs/current/report.pdf`)).status).toBe(400);
    expect((await fetch(`${url}/v1/runs/current/report.html`, { method: 'POST' })).status).toBe(405);
  });
});

describe('orders', () => {
  test('reach the run and return its message', async () => {
    const { url, run } = await serve();
    for (const order of ['stop', 'pause', 'resume', 'reset']) {
      const response = await fetch(`${url}/v1/runs/current/${order}`, { method: 'POST' });
      expect(await response.json()).toEqual({ state: 'running', message: `${order}: done` });
    }
    expect(await postJson(`${url}/v1/runs/current/users`, { users: 5, spawnRate: 2 })).toMatchObject({
      status: 200,
    });
    expect(run.orders).toEqual(['stop', 'pause', 'resume', 'reset', 'users 5 at 2']);
  });

  test('that change a load may name a user type', async () => {
    const { url, run } = await serve();
    const orders = [
      ['users', { users: 50, user: 'shopper' }],
      ['rate', { perSecond: 300 }],
      ['rate', { perSecond: 0.5, overMs: 30_000, user: 'admin' }],
    ] as const;
    for (const [path, body] of orders)
      expect(await postJson(`${url}/v1/runs/current/${path}`, body)).toMatchObject({ status: 200 });
    expect(run.orders).toEqual([
      'users 50 at once of shopper',
      'rate 300 over 0',
      'rate 0.5 over 30000 of admin',
    ]);
  });

  test.each([
    [{}, "must have required property 'perSecond'"],
    [{ perSecond: -1 }, 'perSecond must be >= 0'],
    [{ perSecond: '300/s' }, 'perSecond must be number'],
    [{ perSecond: 1, over: '30s' }, "unknown property 'over'"],
  ])('with the rate %j are rejected with an explanation', async (body, words) => {
    const { url, run } = await serve();
    const answer = await postJson(`${url}/v1/runs/current/rate`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
    expect(run.orders).toEqual([]);
  });

  test('annotations need a text and an instant', async () => {
    const { url, run } = await serve();
    const path = `${url}/v1/runs/current/annotations`;
    for (const body of [{}, { text: '' }, { text: 'x'.repeat(501) }, { text: 'x', at: 'noon' }])
      expect(await postJson(path, body)).toMatchObject({ status: 400, body: { code: 'argument-invalid' } });
    const at = '2026-01-01T00:00:09Z';
    expect(await postJson(path, { text: 'deployed', at })).toEqual({
      status: 200,
      body: { text: 'deployed', at },
    });
    expect(run.annotations()).toEqual([{ text: 'deployed', at }]);
  });

  test('that the state forbids return 409 with a hint', async () => {
    const { url } = await serve();
    expect(await postJson(`${url}/v1/runs/current/start`, {})).toEqual({
      status: 409,
      body: {
        error: 'the run has started already',
        code: 'request-invalid',
        hint: 'Nothing needs to be done.',
      },
    });
  });

  test.each([
    [{ users: '5' }, 'users must be integer'],
    [{ users: -1 }, 'users must be >= 0'],
    [{}, "must have required property 'users'"],
    [{ users: 1, rate: 2 }, "unknown property 'rate'"],
    [{ users: 1, spawnRate: 0 }, 'spawnRate must be > 0'],
  ])('with the body %j are rejected with an explanation', async (body, words) => {
    const { url, run } = await serve();
    const answer = await postJson(`${url}/v1/runs/current/users`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
    expect(run.orders).toEqual([]);
  });

  test('without a body may have any content type', async () => {
    const { url, run } = await serve();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${url}/v1/runs/current/pause`, { method: 'POST', headers });
    expect([answer.status, run.orders]).toEqual([200, ['pause']]);
  });

  test('in another format, too long or malformed are rejected', async () => {
    const { url } = await serve();
    expect((await postJson(`${url}/v1/runs/current/users`, { users: 1 }, 'text/plain')).status).toBe(415);
    expect((await postJson(`${url}/v1/runs/current/users`, { users: 1, x: 'x'.repeat(9_000) })).status).toBe(
      413,
    );
    const broken = await fetch(`${url}/v1/runs/current/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"users":',
    });
    expect(broken.status).toBe(400);
  });

  test('from a page of another origin are rejected', async () => {
    const { url, run } = await serve();
    const foreign = await fetch(`${url}/v1/runs/current/stop`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    const own = await fetch(`${url}/v1/runs/current/stop`, { method: 'POST', headers: { origin: url } });
    expect(own.status).toBe(200);
    expect(run.orders).toEqual(['stop']);
  });
});

describe('a port in use', () => {
  test('is an error with a hint', async () => {
    const port = await takePort();
    const attempt = serve(new FakeRun(), { port });
    await expect(attempt).rejects.toMatchObject({
      exit: 'address-unavailable',
      message: expect.stringContaining(`127.0.0.1:${port}: the port is in use`),
      hint: expect.stringContaining('--api'),
    });
  });

  test('is replaced by a free port if any will do', async () => {
    const port = await takePort();
    const { url } = await serve(new FakeRun(), { port, orAnyPort: true });
    expect(new URL(url).port).not.toBe(String(port));
    expect((await fetch(`${url}/v1/runs/current/status`)).status).toBe(200);
  });
});
