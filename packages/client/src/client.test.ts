import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { RunEventView } from '@drumline/wire/views';
import { serveApi } from '../../../test/support/control-api.js';
import { sampleResult } from '../../../test/support/sample-result.js';
import type { ApiError } from './api-error.js';
import { connect } from './client.js';
import type { RunClient } from './run-client.js';

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  return await call.then(
    () => {
      throw new Error('the call did not fail');
    },
    (error: ApiError) => error,
  );
}

/** A server that gives every request the same answer. */
async function stranger(status: number, body: string) {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('every view of the master has a method', async () => {
  await using served = await serveApi();
  const { run } = served;
  const master = connect({ url: `${served.url}/` });
  expect(master.url).toBe(served.url);
  expect(await master.health()).toMatchObject({ mode: 'run', workers: 1, runs: { running: 1, queued: 0 } });
  expect(await master.workers()).toEqual([]);
  expect(await master.runs()).toEqual({ runs: [run.view()] });
  for (const id of [undefined, 'current', 'r1-of', run.id]) {
    const called = master.run(id);
    expect(called.id).toBe(id ?? 'current');
    expect(await called.view()).toEqual(run.view());
  }
});

test('every view and order of a run has a method', async () => {
  await using served = await serveApi();
  const { run } = served;
  const master = connect(served).run();
  expect(master.url).toBe(served.url);
  expect(await master.status()).toEqual(run.status());
  expect(await master.workers()).toEqual([]);
  expect(await master.stats()).toEqual(run.stats());
  expect(await master.totals()).toEqual(run.totals());
  expect(await master.metrics()).toEqual(run.metrics());
  expect(await master.timeline()).toEqual(run.timeline({}));
  const range = { from: 7, to: 90, points: 2 };
  expect(await master.timeline(range)).toEqual(run.timeline(range));
  const first = await master.series({ filter: 'requests>0', sort: 'name', limit: 1 });
  expect(first.series).toHaveLength(1);
  expect((await master.series({ after: first.next! })).series).toHaveLength(first.total - 1);
  const wanted = { sort: 'name', offset: 1, limit: 1 };
  const { total, series, window } = await master.series(wanted);
  expect([total, series.length, window!.ids]).toEqual([first.total, 1, [series[0]!.id]]);
  const again = await master.series({ ...wanted, since: window!.version });
  expect(again).toEqual({ total, series: [], window });
  expect(await master.errors()).toEqual(run.errors());
  const remark = { at: '2026-01-01T00:00:02.000Z', text: 'deployed' };
  expect(await master.annotate(remark.text, remark.at)).toEqual(remark);
  expect(await master.annotations()).toEqual([remark]);
  run.log.add('printed', 'one');
  run.log.add('note', 'two');
  const [one, two] = await master.logs();
  expect([one, two]).toMatchObject([
    { kind: 'printed', text: 'one' },
    { kind: 'note', text: 'two' },
  ]);
  expect(await master.logs({ after: one!.number, limit: 1 })).toEqual([two]);
  expect(await master.report('html')).toContain('<!doctype html>');
  expect(await master.report('history.csv')).toMatch(/^Timestamp,/);
  expect(await master.result()).toEqual(sampleResult());
  expect(await master.pause()).toEqual({ state: 'running', message: 'pause: done' });
  await master.resume();
  await master.reset();
  await master.setUsers(4);
  await master.setUsers(5, { spawnRate: 0.5 });
  await master.cancel();
  await master.stop();
  expect(run.orders).toEqual([
    'pause',
    'resume',
    'reset',
    'users 4 at once',
    'users 5 at 0.5',
    'cancel',
    'stop',
  ]);
});

test('an order that the run does not allow fails with the status and the hint of the master', async () => {
  await using served = await serveApi();
  const master = connect(served).run();
  expect(await failureOf(master.start())).toMatchObject({
    name: 'ApiError',
    code: 'request-invalid',
    status: 409,
    message: 'the run has started already',
    hint: 'Nothing needs to be done.',
  });
  expect(await failureOf(master.setUsers(-1))).toMatchObject({ code: 'argument-invalid', status: 400 });
  expect(await failureOf(connect(served).run('nothing').stop())).toMatchObject({
    code: 'run-unknown',
    status: 404,
    hint: 'Its runs are: r1-of-tests (shop).',
  });
});

test('the token is sent with every request, without the line break of its file', async () => {
  await using served = await serveApi({ address: { host: '0.0.0.0' }, access: { token: 's3cret' } });
  const url = `http://127.0.0.1:${served.port}`;
  const firstEvent = async (master: RunClient) => (await master.events().next()).value;
  const admitted = connect({ url, token: 's3cret\n' }).run();
  expect(await admitted.status()).toMatchObject({ runId: 'r1-of-tests' });
  expect(await firstEvent(admitted)).toMatchObject({ type: 'state' });
  for (const [token, code] of [
    [undefined, 'token-missing'],
    ['other', 'token-wrong'],
  ] as const) {
    const master = connect({ url, token }).run();
    expect(await failureOf(master.status())).toMatchObject({ code, status: 401 });
    expect(await failureOf(firstEvent(master))).toMatchObject({ code, status: 401 });
  }
});

test('a malformed URL or token is refused at once, and no message quotes the token', () => {
  for (const url of ['', '127.0.0.1:8089', 'ftp://master', 'http://'])
    expect(() => connect({ url })).toThrow('is not an http or https URL');
  for (const token of ['', 'two words', 'two\nlines', 'söme']) {
    let message = '';
    try {
      connect({ url: 'http://127.0.0.1:8089', token });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toBe('the token is malformed');
  }
});

test('no server, and a server that is not a master, are told apart', async () => {
  const nobody = await failureOf(connect({ url: 'http://127.0.0.1:9' }).health());
  expect(nobody).toMatchObject({ code: 'unreachable', status: undefined });
  expect(nobody.message).toMatch(/^no master answers at http:\/\/127\.0\.0\.1:9: ./);
  for (const [status, body] of [
    [200, '<html>'],
    [404, '{"error":"not found"}'],
    [500, 'oops'],
  ] as const) {
    await using server = await stranger(status, body);
    const failure = await failureOf(connect(server).health());
    expect(failure).toMatchObject({ code: 'not-a-master', status });
    expect(failure.message).toBe(`the server at ${server.url} is not a Drumline master`);
  }
});

test('events are read from the current state to the end of the run', async () => {
  await using served = await serveApi();
  const { run } = served;
  const note = { type: 'note', code: 'paused', message: 'Pausiert für 1 s.' } as const;
  const end: RunEventView = { type: 'end', exitCode: 0, exit: 'passed', verdict: 'passed', reasons: [] };
  for (const reconnect of [true, false]) {
    const events = connect(served).run().events({ reconnect });
    expect((await events.next()).value).toMatchObject({ type: 'state', state: 'running' });
    run.emit(note);
    run.emit(end);
    expect((await events.next()).value).toEqual({ ...note, eventId: expect.stringMatching(/^2\.\d+$/) });
    expect((await events.next()).value).toMatchObject(end);
    if (reconnect) expect(await events.next()).toEqual({ done: true, value: undefined });
    await events.return();
  }
});

test('a signal ends the events of a connection that was lost while they were not read', async () => {
  let connection: ServerResponse | undefined;
  const server = createServer((request, response) => {
    if (!request.url!.endsWith('/events')) return response.end('{"runId":"r1"}');
    connection = response.writeHead(200, { connection: 'close' });
    return response.write('data: {"type":"note","code":"x","message":""}\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const reconnect of [true, false]) {
    const controller = new AbortController();
    const events = connect({ url }).run('r1').events({ reconnect, signal: controller.signal });
    await events.next();
    const closed = once(connection!, 'close');
    connection!.destroy();
    await closed;
    // Until the client has noticed it, too.
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort(new Error('enough'));
    expect(await failureOf(events.next())).toBe(controller.signal.reason);
  }
  server.close();
});

test('leaving the loop and aborting the signal both close the connection', async () => {
  await using served = await serveApi();
  const { run } = served;
  const closed = async (): Promise<void> => {
    while (run.listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (const reconnect of [true, false]) {
    for await (const _ of connect(served).run().events({ reconnect })) {
      expect(run.listeners.size).toBe(1);
      break;
    }
    await closed();
    const controller = new AbortController();
    const { signal } = controller;
    const events = connect(served).run().events({ reconnect, signal });
    await events.next();
    const next = failureOf(events.next());
    controller.abort(new Error('enough'));
    expect(await next).toBe(signal.reason);
    await closed();
    expect(await failureOf(connect(served).run().events({ reconnect, signal }).next())).toBe(signal.reason);
  }
});
