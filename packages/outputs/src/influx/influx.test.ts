import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { feed, intervalsOf } from '../testing.js';
import { influxdb } from './index.js';
import { line } from './line.js';

interface Received {
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let server: Server;
let received: Received[];
/** The status of the next responses; 204 without one. */
let statuses: number[];
beforeEach(async () => {
  received = [];
  statuses = [];
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      const isZipped = request.headers['content-encoding'] === 'gzip';
      const text = (isZipped ? gunzipSync(body) : body).toString();
      received.push({
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: request.headers,
        text,
      });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const address = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const outputTo = async (url: string, options: Readonly<Record<string, string>> = {}) =>
  await influxdb.create({ name: 'influxdb', url, options });

test('points of awkward names and values are escaped', () => {
  const tags = [
    ['a b', 'x,y=z'],
    ['path', 'C:\\'],
    ['empty', ''],
    ['lines', 'one\ntwo'],
  ] as const;
  const fields = { count: 3n, mean: 0.5, text: 'say "hi" \\', nothing: undefined, infinite: Infinity };
  expect(line('m', tags, fields, 7n)).toBe(
    String.raw`m,a\ b=x\,y\=z,path=C:/,lines=one\ two count=3i,mean=0.5,text="say \"hi\" \\" 7`,
  );
  expect(line('m', tags, { nothing: undefined }, 7n)).toBeUndefined();
});

test('InfluxDB 2 gets organization, bucket and token, and a reset deletes the run', async () => {
  const output = await outputTo(`http://${address()}`, { org: 'shop', bucket: 'load', token: 't0ken' });
  const generated = intervalsOf(3, { seconds: 4, resetAfter: 1 });
  await feed(output, generated);
  for (const { headers, query } of received) {
    expect(headers.authorization).toBe('Token t0ken');
    expect(query).toMatchObject({ org: 'shop', bucket: 'load' });
  }
  const writes = received.filter(({ path }) => path === '/api/v2/write');
  expect(writes.every(({ query }) => query['precision'] === 'ns')).toBe(true);
  const [deletion] = received.filter(({ path }) => path === '/api/v2/delete');
  expect(JSON.parse(deletion!.text)).toMatchObject({ predicate: `run="${generated.run.runId}"` });
  const after = received.slice(received.indexOf(deletion!)).filter(({ path }) => path === '/api/v2/write');
  const runs = after.flatMap(({ text }) => text.split('\n').filter((one) => one.startsWith('drumline_run,')));
  const requests = runs.map((one) => Number(/[ ,]requests=(\d+)i/.exec(one)![1]));
  expect(requests.reduce((sum, count) => sum + count, 0)).toBe(generated.sums.totals.requests);
});

test('a second with many lines is divided into requests', async () => {
  const output = await outputTo(`http://ada:s3cret@${address()}/base/load`, { retention: 'week' });
  const lines = Array.from({ length: 12_000 }, (_, index) => `m count=${index}i ${index}`);
  await output.send(lines, new AbortController().signal);
  expect(received.map(({ text }) => text).join('')).toBe(`${lines.join('\n')}\n`);
  for (const { path, query, headers, text } of received) {
    expect(path).toBe('/base/write');
    expect(query).toEqual({ db: 'load', rp: 'week', precision: 'ns' });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ada:s3cret').toString('base64')}`);
    expect(text.split('\n').length).toBeLessThanOrEqual(5_001);
  }
});

test('a refused second is final, and a server that is down is tried again', async () => {
  const output = await outputTo(`http://${address()}/load`);
  const { run, events } = intervalsOf(5, { seconds: 1 });
  await output.open(run);
  const [first] = events;
  const batch = first?.type === 'closed' ? output.interval(first, 1) : undefined;
  const { signal } = new AbortController();
  statuses = [503, 400];
  await expect(output.send(batch, signal)).rejects.toMatchObject({ name: 'Error' });
  await expect(output.send(batch, signal)).rejects.toMatchObject({ name: 'OutputError' });
  statuses = [401];
  await expect(output.check!()).rejects.toThrow('check the user, the password or the token');
});
