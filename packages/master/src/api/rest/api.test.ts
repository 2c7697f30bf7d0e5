import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FakeRun, point, serveApi } from '../../../../../test/support/control-api.js';
import type { ApiAddress, ApiServer } from './server.js';

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

/** Reads an event stream until its text contains `text`. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let seen = '';
  while (!seen.includes(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended without '${text}': ${seen}`);
    seen += new TextDecoder().decode(value);
  }
  return seen;
}

async function openEvents(api: ApiServer) {
  const response = await fetch(`${api.url}/v1/events`);
  return { response, reader: response.body!.getReader() };
}

describe('views', () => {
  test.each(['status', 'stats', 'workers'] as const)('%s returns the view of the run', async (view) => {
    const { url, run } = await serve();
    const expected = view === 'workers' ? { workers: [] } : view === 'status' ? run.status() : run.stats();
    expect(await (await fetch(`${url}/v1/${view}`)).json()).toEqual(expected);
  });

  test('the timeline starts at the requested second', async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/v1/timeline?from=7`)).json()).toEqual({
      fromSecond: 7,
      points: [point],
    });
    expect(await (await fetch(`${url}/v1/timeline`)).json()).toMatchObject({ fromSecond: 0 });
    const bad = await fetch(`${url}/v1/timeline?from=-1`);
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ error: expect.stringContaining('from must be a whole number') });
  });

  test('a path answers other methods with 405 and lists its own', async () => {
    const { url } = await serve();
    const answer = await fetch(`${url}/v1/users`, { method: 'DELETE' });
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

  test('OpenAPI describes every path', async () => {
    const { url } = await serve();
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [
        'status',
        'workers',
        'stats',
        'timeline',
        'result',
        'events',
        'start',
        'stop',
        'users',
        'rate',
        'pause',
        'resume',
        'reset',
      ]
        .map((name) => `/v1/${name}`)
        .toSorted(),
    );
  });

  test('an unknown path is answered with 404 and the known paths', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/v1/statistics`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: 'there is no GET /v1/statistics',
      hint: expect.stringContaining('GET /v1/stats,'),
    });
    expect(await (await fetch(url)).json()).toMatchObject({
      paths: expect.arrayContaining(['POST /v1/stop']),
    });
  });
});

describe('orders', () => {
  test('reach the run and return its message', async () => {
    const { url, run } = await serve();
    for (const order of ['stop', 'pause', 'resume', 'reset']) {
      const response = await fetch(`${url}/v1/${order}`, { method: 'POST' });
      expect(await response.json()).toEqual({ state: 'running', message: `${order}: done` });
    }
    expect(await postJson(`${url}/v1/users`, { users: 5, spawnRate: 2 })).toMatchObject({ status: 200 });
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
      expect(await postJson(`${url}/v1/${path}`, body)).toMatchObject({ status: 200 });
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
    const answer = await postJson(`${url}/v1/rate`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
    expect(run.orders).toEqual([]);
  });

  test('that the state forbids return 409 with a hint', async () => {
    const { url } = await serve();
    expect(await postJson(`${url}/v1/start`, {})).toEqual({
      status: 409,
      body: { error: 'the run has started already', hint: 'Nothing needs to be done.' },
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
    const answer = await postJson(`${url}/v1/users`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
    expect(run.orders).toEqual([]);
  });

  test('in another format, too long or malformed are rejected', async () => {
    const { url } = await serve();
    expect((await postJson(`${url}/v1/users`, { users: 1 }, 'text/plain')).status).toBe(415);
    expect((await postJson(`${url}/v1/users`, { users: 1, x: 'x'.repeat(9_000) })).status).toBe(413);
    const broken = await fetch(`${url}/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"users":',
    });
    expect(broken.status).toBe(400);
  });

  test('from a page of another origin are rejected', async () => {
    const { url, run } = await serve();
    const foreign = await fetch(`${url}/v1/stop`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    const own = await fetch(`${url}/v1/stop`, { method: 'POST', headers: { origin: url } });
    expect(own.status).toBe(200);
    expect(run.orders).toEqual(['stop']);
  });
});

describe('events', () => {
  test('begin with the current state and follow the run', async () => {
    const { api, run } = await serve();
    const { response, reader } = await openEvents(api);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const first = await readUntil(reader, '\n\nevent: state\n');
    expect(first).toMatch(/^: .*\n\n/);
    run.emit({ type: 'note', code: 'paused', message: 'line\nbreak' });
    expect(await readUntil(reader, 'event: note')).toContain(
      'event: note\ndata: {"type":"note","code":"paused","message":"line\\nbreak"}\n\n',
    );
    await reader.cancel();
    while (run.listeners.size > 0) await sleep(10);
  });

  test.each([
    ['all that it has missed', '0', [1, 2]],
    ['what it has missed', '1', [2]],
    ['nothing twice', '2', []],
    ['no earlier ones if the number is malformed', 'x', []],
  ])('a reader that names its last interval gets %s', async (_, lastId, numbers) => {
    const { api, run } = await serve();
    const headers = { 'last-event-id': lastId };
    const reader = (await fetch(`${api.url}/v1/events`, { headers })).body!.getReader();
    while (run.listeners.size === 0) await sleep(5);
    run.emit({ type: 'note', code: 'paused', message: 'last' });
    const text = await readUntil(reader, 'event: note');
    expect([...text.matchAll(/^id: (\d+)\nevent: interval$/gm)].map(([, id]) => Number(id))).toEqual(numbers);
    await reader.cancel();
  });

  test('a correction has no id, so it does not move the place of a reader', async () => {
    const { api, run } = await serve();
    const headers = { 'last-event-id': '2' };
    const reader = (await fetch(`${api.url}/v1/events`, { headers })).body!.getReader();
    while (run.listeners.size === 0) await sleep(5);
    const [correction] = run.missedAfter(2);
    run.emit(correction!);
    run.emit({ type: 'note', code: 'paused', message: 'last' });
    const text = await readUntil(reader, 'event: note');
    const block = `\n\nevent: correction\ndata: ${JSON.stringify(correction)}\n\n`;
    expect(text.split(block.trimEnd())).toHaveLength(3);
    expect(text).not.toContain('id:');
    await reader.cancel();
  });

  test('drop only the reader that does not read', async () => {
    const { api, run } = await serve();
    const lazy = connect(Number(new URL(api.url).port), '127.0.0.1');
    lazy.pause();
    lazy.write('GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    lazy.on('error', () => {});
    const { reader } = await openEvents(api);
    while (run.listeners.size < 2) await sleep(10);
    const message = 'x'.repeat(256 * 1024);
    const drained = (async () => {
      while (!(await reader.read()).done);
    })();
    for (let sent = 0; run.listeners.size > 1; sent += 1) {
      if (sent > 400) throw new Error('the lazy reader was never dropped');
      run.emit({ type: 'note', code: 'paused', message });
      await sleep(5);
    }
    expect(run.listeners.size).toBe(1);
    lazy.destroy();
    await api.close();
    await drained;
  });

  test('are all delivered before the server closes, without waiting for readers', async () => {
    const { api, run } = await serve();
    const { reader } = await openEvents(api);
    const keptAlive = connect(Number(new URL(api.url).port), '127.0.0.1');
    keptAlive.write('GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(keptAlive, 'data');
    const halfSent = connect(Number(new URL(api.url).port), '127.0.0.1');
    halfSent.on('error', () => {});
    halfSent.write('POST /v1/users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n');
    await readUntil(reader, 'event: state');
    run.emit({ type: 'end', exitCode: 0, exit: 'passed', verdict: 'passed', reasons: [] });
    const before = performance.now();
    await api.close();
    expect(performance.now() - before).toBeLessThan(3_000);
    await readUntil(reader, 'event: end');
    expect((await reader.read()).done).toBe(true);
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
    expect((await fetch(`${url}/v1/status`)).status).toBe(200);
  });
});
