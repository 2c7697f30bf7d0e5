// The streams of events of runs.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { serveApi } from '../../../../../test/support/control-api.js';
import type { ApiServer } from './server.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve() {
  const served = await serveApi();
  closing.push(() => served.api.close());
  return served;
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
  const response = await fetch(`${api.url}/v1/runs/current/events`);
  return { response, reader: response.body!.getReader() };
}

test('begin with the current state and follow the run', async () => {
  const { api, run } = await serve();
  const { response, reader } = await openEvents(api);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const first = await readUntil(reader, '\nevent: state\n');
  expect(first).toMatch(/^: .*\n\n/);
  run.emit({ type: 'note', code: 'paused', message: 'line\nbreak' });
  expect(await readUntil(reader, 'event: note')).toMatch(
    /id: 2\.\d+\nevent: note\ndata: \{"type":"note","code":"paused","message":"line\\nbreak"\}\n\n/,
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
  const reader = (await fetch(`${api.url}/v1/runs/current/events`, { headers })).body!.getReader();
  while (run.listeners.size === 0) await sleep(5);
  run.emit({ type: 'note', code: 'paused', message: 'last' });
  const text = await readUntil(reader, 'event: note');
  expect([...text.matchAll(/^id: (\d+)\.\d+\nevent: interval$/gm)].map(([, id]) => Number(id))).toEqual(
    numbers,
  );
  await reader.cancel();
});

test('a correction does not move the place of a reader', async () => {
  const { api, run } = await serve();
  const headers = { 'last-event-id': '2.0' };
  const reader = (await fetch(`${api.url}/v1/runs/current/events`, { headers })).body!.getReader();
  while (run.listeners.size === 0) await sleep(5);
  const [correction] = run.missedAfter({ interval: 2 });
  run.emit(correction!);
  run.emit({ type: 'note', code: 'paused', message: 'last' });
  const text = await readUntil(reader, 'event: note');
  const { eventId: _, ...shown } = correction!;
  const block = `\n\nid: 2.0\nevent: correction\ndata: ${JSON.stringify(shown)}\n\n`;
  expect(text.split(block.trimEnd())).toHaveLength(3);
  await reader.cancel();
});

test('a reader that returns gets all events since its last one, of any kind, in their order', async () => {
  const { api, run } = await serve();
  const { reader } = await openEvents(api);
  run.emit({ type: 'note', code: 'paused', message: 'one' });
  const [, first] = /id: (\S+)\nevent: note/.exec(await readUntil(reader, '"one"'))!;
  await reader.cancel();
  run.emit({ type: 'worker', id: 'w1', name: 'w1', state: 'missing' });
  run.emit({ type: 'note', code: 'paused', message: 'two' });
  const headers = { 'last-event-id': first! };
  const again = (await fetch(`${api.url}/v1/runs/current/events`, { headers })).body!.getReader();
  const text = await readUntil(again, '"two"');
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual([
    'state',
    'correction',
    'worker',
    'note',
  ]);
  expect(text).not.toContain('"one"');
  // Its state, too, has the place, for a reader that is cut off at once.
  expect(text).toContain(`id: ${first}\nevent: state`);
  await again.cancel();
});

test('a run that has ended is told with its end, and the stream is closed', async () => {
  const { api, run } = await serve();
  const view = run.view();
  run.view = () => ({ ...view, state: 'finished' });
  const headers = { 'last-event-id': '1' };
  const text = await (await fetch(`${api.url}/v1/runs/current/events`, { headers })).text();
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual([
    'state',
    'interval',
    'end',
  ]);
});

test('drop only the reader that does not read', async () => {
  const { api, run } = await serve();
  const lazy = connect(Number(new URL(api.url).port), '127.0.0.1');
  lazy.pause();
  lazy.write('GET /v1/runs/current/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
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
  keptAlive.write('GET /v1/runs/current/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(keptAlive, 'data');
  const halfSent = connect(Number(new URL(api.url).port), '127.0.0.1');
  halfSent.on('error', () => {});
  halfSent.write('POST /v1/runs/current/users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n');
  await readUntil(reader, 'event: state');
  run.emit({ type: 'end', exitCode: 0, exit: 'passed', verdict: 'passed', reasons: [] });
  const before = performance.now();
  await api.close();
  expect(performance.now() - before).toBeLessThan(3_000);
  await readUntil(reader, 'event: end');
  expect((await reader.read()).done).toBe(true);
});

test('lines of the log are numbered, and a reader that returns gets those that it has missed', async () => {
  const { api, run } = await serve();
  run.log.add('printed', 'one');
  const [first] = run.log.view({}).lines;
  const logs = `${api.url}/v1/runs/current/logs?follow=true`;
  const reader = (await fetch(logs)).body!.getReader();
  expect(await readUntil(reader, '"one"')).toContain(`id: ${first!.number}\nevent: line\n`);
  await reader.cancel();
  run.log.add('note', 'two');
  const headers = { 'last-event-id': String(first!.number) };
  const again = (await fetch(logs, { headers })).body!.getReader();
  const missed = await readUntil(again, '"two"');
  run.log.add('state', 'three');
  const text = missed + (await readUntil(again, '"three"'));
  expect(text).not.toContain('"one"');
  expect([...text.matchAll(/^id: (\d+)$/gm)]).toHaveLength(2);
  await again.cancel();
  const plain = await fetch(`${api.url}/v1/runs/current/logs?limit=2&after=${first!.number}`);
  expect(await plain.json()).toMatchObject({ lines: [{ text: 'two' }, { kind: 'state', text: 'three' }] });
});
