import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { until, wait } from '../support/closing.js';
import { bodyOf, closedPort } from '../support/servers.js';
import { clientBench } from './bench.js';
import { EVENT_STREAM, inShort, readAll } from './event-support.js';

describe('a stream of events', () => {
  const bench = clientBench();

  test('yields its events; the request, each event and every byte are counted', async () => {
    const { http, samples, idle, server, late } = await bench.serving((_, reply) => {
      reply.writeHead(200, EVENT_STREAM);
      reply.write('retry: 9\n\nid: 1\ndata: a\n\nevent: price\ndata: 7\ndata: 8\n\n');
      reply.end(': bye\n\ndata: incomplete');
    });
    const stream = http.events('/stream?x=1', { tags: { kind: 'b' } });
    expect(await readAll(stream)).toEqual(['message a', 'price 7\n8']);
    expect(stream.lastEventId).toBe('1');
    expect(stream.response).toMatchObject({ status: 200, failed: false });
    expect(samples.map(inShort)).toEqual([
      'http GET /stream passed',
      'sse message /stream passed',
      'sse price /stream passed',
    ]);
    expect(samples.map(({ status }) => status)).toEqual([200, undefined, undefined]);
    for (const { series } of samples) {
      expect(series).toMatchObject({
        user: 'shopper',
        tags: [
          ['kind', 'b'],
          ['region', 'eu'],
        ],
      });
    }
    const sum = (field: 'bytesSent' | 'bytesReceived'): number =>
      samples.reduce((total, sample) => total + sample[field], 0);
    expect(sum('bytesSent') + idle.sent).toBe(server.sockets[0]!.bytesRead);
    expect(sum('bytesReceived') + idle.received).toBe(server.sockets[0]!.bytesWritten);
    expect(late).toEqual([]);
  });

  test('counts its request when it opens, and times the arrival of each event from the one before', async () => {
    let reply!: http.ServerResponse;
    const { http, samples } = await bench.serving((_, answer) => {
      reply = answer;
      setTimeout(() => reply.writeHead(200, EVENT_STREAM).flushHeaders(), 60);
      setTimeout(() => reply.write('data: 1\n\n'), 120);
    });
    const durations: number[] = [];
    for await (const event of http.events('/')) {
      durations.push(event.durationMs);
      if (event.data === '1') {
        expect(samples.map(inShort)).toEqual(['http GET / passed', 'sse message / passed']);
        await wait(60);
        reply.end('data: 2\n\n');
        // A slow reader must not make the server look slow.
        await until(() => samples.length === 3);
        await wait(50);
      }
    }
    const [opening, ...events] = samples;
    expect(opening!.durationUs).toBeGreaterThan(55_000);
    expect(opening!.phases!.waitMs).toBeGreaterThan(50);
    expect(opening!.opened).toHaveLength(1);
    expect(events[0]!.durationUs).toBeGreaterThan(115_000);
    expect(events[1]!.durationUs).toBeGreaterThan(55_000);
    expect(events.map(({ durationUs }) => durationUs)).toEqual(durations.map((ms) => Math.round(ms * 1_000)));
    expect(events[1]!.endedAtMs - events[0]!.endedAtMs).toBeCloseTo(durations[1]!, 5);
  });

  test('sends the standard request, with its own options', async () => {
    const seen: [http.IncomingMessage, string][] = [];
    const { http, samples } = await bench.serving((request, reply) => {
      void bodyOf(request).then((body) => {
        seen.push([request, body.toString()]);
        if (request.url === '/old') reply.writeHead(307, { location: '/new' }).end();
        else reply.writeHead(200, EVENT_STREAM).end('event: done\ndata: {"a":1}\n\n');
      });
    });
    const stream = http.events('/old', {
      method: 'post',
      json: { prompt: 'hi' },
      lastEventId: 'ä7',
      headers: { Accept: 'text/event-stream, */*', 'x-a': '1' },
      query: {},
      name: 'chat',
    });
    for await (const event of stream) expect(event.json()).toEqual({ a: 1 });
    const [request, body] = seen[1]!;
    expect([request.method, request.url, body]).toEqual(['POST', '/new', '{"prompt":"hi"}']);
    expect(request.headers).toMatchObject({
      accept: 'text/event-stream, */*',
      'accept-encoding': 'identity',
      'cache-control': 'no-store',
      'last-event-id': Buffer.from('ä7').toString('latin1'),
      'x-a': '1',
    });
    expect(samples.map(inShort)).toEqual(['http POST chat passed', 'sse done chat passed']);
    expect(stream.response!.redirects).toHaveLength(1);
  });

  test.each<[string, number, Record<string, string>, string]>([
    ['a status other than 200', 503, EVENT_STREAM, 'status 503'],
    ['a status other than 200 that is a success', 201, EVENT_STREAM, 'status 201'],
    [
      'another content type',
      200,
      { 'content-type': 'text/html; charset=utf-8' },
      'content type text/html, not text/event-stream',
    ],
    ['no content type', 200, {}, 'content type none, not text/event-stream'],
    [
      'a coding',
      200,
      { ...EVENT_STREAM, 'content-encoding': 'gzip' },
      'content-encoding gzip of a stream of events',
    ],
  ])('is rejected, and the loop ends: %s', async (_, status, headers, failure) => {
    const { http, samples, server } = await bench.serving((__, reply) => {
      reply.writeHead(status, headers).end('data: a\n\n');
    });
    const stream = http.events('/', { reconnect: true });
    expect(await readAll(stream)).toEqual([]);
    expect(stream.response).toMatchObject({ status, failed: true, failure });
    expect(samples.map(inShort)).toEqual([`http GET / failed: ${failure}`]);
    expect(samples[0]!.bytesReceived).toBe(server.sockets[0]!.bytesWritten);
    await http.get('/');
    expect(server.connections).toBe(1);
  });

  test('is rejected at once even if its body never ends', async () => {
    const { http, samples, server } = await bench.serving((_, reply) => {
      reply.writeHead(500, EVENT_STREAM).write('data: a\n\n');
    });
    expect(await readAll(http.events('/'))).toEqual([]);
    expect(samples.map(inShort)).toEqual(['http GET / failed: status 500']);
    await server.drained();
  });

  test('passes with status 204 and no events', async () => {
    const { http, samples, server } = await bench.serving((_, reply) => reply.writeHead(204).end());
    expect(await readAll(http.events('/', { reconnect: true }))).toEqual([]);
    expect(samples.map(inShort)).toEqual(['http GET / passed']);
    expect(server.requests).toBe(1);
  });

  test('ends the loop and fails its request if it is cut off', async () => {
    const { http, samples, late, idle, server } = await bench.serving((_, reply) => {
      reply.writeHead(200, EVENT_STREAM).write('data: a\n\ndata: b\n\ndata');
      setTimeout(() => reply.destroy(), 50);
    });
    const stream = http.events('/');
    expect(await readAll(stream)).toEqual(['message a', 'message b']);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect(late).toEqual([[samples[0]!.series, 'connection closed inside the response']]);
    expect(stream.response!.failed).toBe(true);
    const received = samples.reduce((sum, { bytesReceived }) => sum + bytesReceived, idle.received);
    expect(received).toBe(server.sockets[0]!.bytesWritten);
  });

  test('is a failed request if the connection fails', async () => {
    const { http, samples } = await bench.client(`http://127.0.0.1:${await closedPort()}`);
    const stream = http.events('/');
    expect(await readAll(stream)).toEqual([]);
    expect(stream.response).toMatchObject({ status: 0, failure: 'connection refused' });
    expect(samples.map(inShort)).toEqual(['http GET / failed: connection refused']);
  });

  test('throws in the loop and is not counted if the call is invalid', async () => {
    const { http, samples } = await bench.serving((_, reply) => reply.end());
    await expect(readAll(http.events('ftp://x/'))).rejects.toThrow(/only http: and https:/);
    await expect(readAll(http.events('/', { listenFor: 'soon' as never }))).rejects.toThrow(
      /'soon' is not a duration/,
    );
    await expect(readAll(http.events('/', { headers: { 'x-a': 'b\nc' } }))).rejects.toThrow(/GET \/: .*x-a/);
    const stream = http.events('/');
    await readAll(stream);
    await expect(readAll(stream)).rejects.toThrow('the events can be read only once');
    expect(samples).toHaveLength(1);
  });

  test('an event can be marked as failed afterwards, once', async () => {
    const { http, samples, late } = await bench.serving((_, reply) =>
      reply.writeHead(200, EVENT_STREAM).end('data: nonsense\n\n'),
    );
    for await (const event of http.events('/')) {
      expect(() => event.json()).toThrow(/event message: the data is not JSON \(.*begins "nonsense"\)/);
      event.fail('no price');
      event.fail('again');
    }
    expect(late).toEqual([[samples[1]!.series, 'no price']]);
  });
});
