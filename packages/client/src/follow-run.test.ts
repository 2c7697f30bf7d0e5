import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { RunEventView } from '@drumline/wire/views';
import { sampleResult } from '../../../test/support/sample-result.js';
import type { ApiError } from './api-error.js';
import { followRun } from './follow-run.js';
import { HttpApi } from './http-api.js';

const TIMING = { silenceMs: 10_000, delayMs: 1, maxDelayMs: 20, retryForMs: 10_000 };
const RESULT = { ...sampleResult(), reasons: [{ code: 'worker-lost', message: 'A worker was lost.' }] };
const STATE = 'data: {"type":"state","state":"running","at":"now"}\n\n';
const END = 'data: {"type":"end","exitCode":0,"exit":"passed","verdict":"passed","reasons":[]}\n\n';
const note = (code: string, id = ''): string =>
  `${id}data: {"type":"note","code":"${code}","message":""}\n\n`;

/** Answers a request for events. Returns after how many received events the connection is cut. */
type Serve = (response: ServerResponse) => number | void;
const send =
  (...texts: string[]): Serve =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(texts.join(''));
/** Sends events, and breaks the connection once they are received, as a crash does. */
const cutAfter =
  (...texts: string[]): Serve =>
  (response) => {
    send(...texts)(response);
    return texts.length;
  };
const reject =
  (status: number): Serve =>
  (response) =>
    void response.writeHead(status).end(`{"error":"status ${status}","code":"${CODES[status]}"}`);
const CODES: Readonly<Record<number, string>> = { 401: 'token-wrong', 503: 'overloaded' };
const unknown = (response: ServerResponse): void =>
  void response.writeHead(404).end('{"error":"there is no such run","code":"run-unknown"}');

/** A server that answers its first request for events by the first function, and so on. */
async function fakeMaster(...connections: Serve[]) {
  const master = { runId: 'r1' };
  const lastIds: unknown[] = [];
  let cut: { afterEvents: number; response: ServerResponse } | undefined;
  const server = createServer(({ url, headers }, response) => {
    if (url === '/v1/runs/current') return void response.end(JSON.stringify(master));
    if (!url!.startsWith(`/v1/runs/${master.runId}/`)) return unknown(response);
    if (url!.endsWith('/result')) return void response.end(JSON.stringify(RESULT));
    lastIds.push(headers['last-event-id']);
    const afterEvents = (connections[lastIds.length - 1] ?? connections.at(-1)!)(response);
    cut = afterEvents === undefined ? undefined : { afterEvents, response };
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return {
    url,
    master,
    /** The `Last-Event-ID` of each request for events. */
    lastIds,
    stop,
    /** The reader has received an event. */
    received: () => {
      if (cut && --cut.afterEvents === 0) cut.response.destroy();
    },
    [Symbol.asyncDispose]: async () => stop(),
  };
}
type FakeMaster = Awaited<ReturnType<typeof fakeMaster>>;

function follow({ url }: FakeMaster, timing: Partial<typeof TIMING> = {}, signal?: AbortSignal) {
  const http = new HttpApi(url, undefined);
  return followRun({ http, id: 'current' }, { signal }, { ...TIMING, ...timing });
}

/** What the events are, in short; the last entry is the code of the error, if one was thrown. */
async function seen(server: FakeMaster, events: AsyncIterable<RunEventView>): Promise<string[]> {
  const list: string[] = [];
  try {
    for await (const event of events) {
      list.push(event.type === 'note' ? event.code : event.type === 'state' ? event.state : event.type);
      server.received();
    }
  } catch (error) {
    const { code, status } = error as ApiError;
    list.push(`${code} ${status}`);
  }
  return list;
}

test('a lost connection is opened again, and says which event was the last one', async () => {
  await using server = await fakeMaster(
    cutAfter(STATE, note('a', 'id: 4\n')),
    reject(503),
    cutAfter(STATE, note('b')),
    send(STATE, note('c'), END),
  );
  expect(await seen(server, follow(server))).toEqual(['running', 'a', 'running', 'b', 'running', 'c', 'end']);
  expect(server.lastIds).toEqual([undefined, '4', '4', '4']);
});

test('a connection that the master closes, as for a slow reader, is opened again', async () => {
  const close: Serve = (response) => void response.end(STATE);
  await using server = await fakeMaster(close, send(STATE, END));
  expect(await seen(server, follow(server))).toEqual(['running', 'running', 'end']);
});

test('a silent connection is opened again', async () => {
  await using server = await fakeMaster(send(STATE), () => {}, send(STATE, END));
  expect(await seen(server, follow(server, { silenceMs: 1_000 }))).toEqual(['running', 'running', 'end']);
  expect(server.lastIds).toHaveLength(3);
});

test('the events of another run are not mixed in', async () => {
  await using server = await fakeMaster(cutAfter(STATE), send(STATE, note('of another run')));
  const events = follow(server);
  await events.next();
  server.received();
  server.master.runId = 'r2';
  expect(await seen(server, events)).toEqual(['run-unknown 404']);
});

test('the end is made from the result if the run ended while there was no connection', async () => {
  const over = 'data: {"type":"state","state":"finished","at":"now"}\n\n';
  await using server = await fakeMaster(cutAfter(STATE), (response) => void response.end(over));
  const events = [];
  for await (const event of follow(server)) {
    events.push(event);
    server.received();
  }
  const { exitCode, exit, verdict, reasons } = RESULT;
  expect(events.slice(1)).toEqual([
    { type: 'state', state: 'finished', at: 'now' },
    { type: 'end', exitCode, exit, verdict, reasons },
  ]);
});

test('a run that is over is not waited for, even if its last connection broke before the end', async () => {
  await using server = await fakeMaster(cutAfter(STATE, STATE.replace('running', 'failed')));
  expect(await seen(server, follow(server))).toEqual(['running', 'failed', 'end']);
  expect(server.lastIds).toHaveLength(1);
});

test('a master that does not return, or rejects the client, ends the iteration', async () => {
  await using rejecting = await fakeMaster(cutAfter(STATE), reject(401));
  expect(await seen(rejecting, follow(rejecting))).toEqual(['running', 'token-wrong 401']);
  expect(rejecting.lastIds).toHaveLength(2);

  await using dying = await fakeMaster(send(STATE));
  const events = follow(dying, { retryForMs: 50 });
  await events.next();
  dying.stop();
  expect(await seen(dying, events)).toEqual(['unreachable undefined']);
});

test('the first attempt is not repeated', async () => {
  await using server = await fakeMaster(reject(503));
  expect(await seen(server, follow(server))).toEqual(['overloaded 503']);
  expect(server.lastIds).toHaveLength(1);
});

test('the signal also ends the wait for a lost master', async () => {
  await using server = await fakeMaster(cutAfter(STATE));
  const controller = new AbortController();
  const events = follow(server, { delayMs: 60_000 }, controller.signal);
  await events.next();
  server.received();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 50);
  await expect(events.next()).rejects.toBe(reason);
});
