import { describe, expect, test } from '@jest/globals';
import { InterruptedError, type HttpSettings } from '@drumline/drivers';
import { until, wait } from '../support/closing.js';
import { clientBench } from './bench.js';
import { EVENT_STREAM, inShort, readAll } from './event-support.js';

describe('the end of a stream of events', () => {
  const bench = clientBench();
  const endless = (settings?: HttpSettings) =>
    bench.serving((request, reply) => {
      if (request.url === '/silent') return;
      reply.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
      const timer = setInterval(() => reply.write('data: more\n\n'), 5);
      reply.on('close', () => clearInterval(timer));
    }, settings);

  test('leaving the loop closes the stream cleanly', async () => {
    const { http, samples, late, server } = await endless();
    let count = 0;
    for await (const _ of http.events('/')) if (++count === 3) break;
    await server.drained();
    expect(new Set(samples.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    expect(samples.filter(({ series }) => series.protocol === 'http')).toHaveLength(1);
    expect(late).toEqual([]);
    expect((await http.get('/silent', { timeout: '20ms' })).status).toBe(0);
  });

  test('an error thrown in the loop closes it as well', async () => {
    const { http, server } = await endless();
    const reading = (async () => {
      for await (const _ of http.events('/')) throw new Error('enough');
    })();
    await expect(reading).rejects.toThrow('enough');
    await server.drained();
  });

  test('close() ends the loop from outside, listenFor after a time', async () => {
    const { http, server, late } = await endless();
    const stream = http.events('/');
    let count = 0;
    for await (const _ of stream) if (++count === 2) setImmediate(() => stream.close());
    expect(count).toBeGreaterThan(1);
    expect((await readAll(http.events('/', { listenFor: '500ms' }))).length).toBeGreaterThan(1);
    await server.drained();
    expect(late).toEqual([]);
    const unread = http.events('/');
    unread.close();
    expect(await readAll(unread)).toEqual([]);
    expect(server.requests).toBe(2);
  });

  test('leaving before the response fails the request', async () => {
    const { http, samples } = await endless();
    expect(await readAll(http.events('/silent', { listenFor: '30ms' }))).toEqual([]);
    expect(samples.map(inShort)).toEqual(['http GET /silent failed: left before there was a response']);
  });

  test('the client’s timeout covers only the head; its own timeout covers the whole stream', async () => {
    const { http, samples, late } = await endless({ timeout: '300ms' });
    expect((await readAll(http.events('/', { listenFor: '600ms' }))).length).toBeGreaterThan(1);
    expect(late).toEqual([]);
    const silent = http.events('/silent');
    expect(await readAll(silent)).toEqual([]);
    expect(silent.response!.failure).toBe('timeout waiting for the response after 300ms');
    expect((await readAll(http.events('/', { timeout: '400ms' }))).length).toBeGreaterThan(1);
    expect(late.map(([, reason]) => reason)).toEqual(['timeout after 400ms']);
    expect(samples.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
  });

  test('interruption throws in the loop; open streams pass, others are interrupted', async () => {
    const { http, samples, late, server } = await endless();
    const open = readAll(http.events('/'));
    const silent = readAll(http.events('/silent'));
    const outcomes = Promise.allSettled([open, silent]);
    await until(() => server.requests === 2 && samples.length > 2);
    http.interrupt();
    for (const outcome of await outcomes) {
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(InterruptedError);
    }
    const requests = samples.filter(({ series }) => series.protocol === 'http');
    expect(requests.map(inShort)).toEqual(['http GET / passed', 'http GET /silent interrupted']);
    expect(late).toEqual([]);
    const count = samples.length;
    await expect(readAll(http.events('/'))).rejects.toThrow(InterruptedError);
    await server.drained();
    expect([samples.length, server.requests]).toEqual([count, 2]);
  });

  test('a slow reader makes the server wait and loses nothing', async () => {
    const line = `data: ${'x'.repeat(1_000)}\n\n`;
    const total = 20_000;
    let written = 0;
    const { http, server } = await bench.serving((_, reply) => {
      reply.writeHead(200, EVENT_STREAM);
      const write = (): void => {
        while (written < total) {
          written += 1;
          if (!reply.write(line)) return void reply.once('drain', write);
        }
        reply.end();
      };
      write();
    });
    let read = 0;
    for await (const _ of http.events('/')) {
      read += 1;
      if (read > 1) continue;
      let before = -1;
      while (before !== written) {
        before = written;
        await wait(100);
      }
      expect(written).toBeLessThan(total);
    }
    expect(read).toBe(total);
    expect(server.requests).toBe(1);
  });
});

describe('reconnecting', () => {
  const bench = clientBench();

  test('resumes after the last event with the server’s retry time, until the server ends it', async () => {
    const ids: (string | undefined)[] = [];
    const { http, samples, late } = await bench.serving((request, reply) => {
      const id = request.headers['last-event-id'] as string | undefined;
      ids.push(id);
      if (ids.length === 3) return void reply.writeHead(204).end();
      reply.writeHead(200, EVENT_STREAM).write(`retry: 10\nid: ${Number(id ?? 0) + 1}\ndata: x\n\nid: 99\n`);
      setTimeout(() => (ids.length === 1 ? reply.end() : reply.destroy()), 20);
    });
    const stream = http.events('/', { reconnect: true });
    expect(await readAll(stream)).toEqual(['message x', 'message x']);
    expect(ids).toEqual([undefined, '1', '2']);
    expect(samples.map(inShort)).toEqual([
      'http GET / passed',
      'sse message / passed',
      'http GET / passed',
      'sse message / passed',
      'http GET / passed',
    ]);
    expect(late).toHaveLength(1);
  });

  test('retries without an answer, and can be closed or interrupted meanwhile', async () => {
    let requests = 0;
    const { http, samples } = await bench.serving((_, reply) => {
      requests += 1;
      // The second request is resent, because it uses a kept connection.
      if (requests > 1 && requests < 5) return void reply.destroy();
      reply.writeHead(200, EVENT_STREAM).end(`retry: ${requests === 1 ? 10 : 60_000}\ndata: x\n\n`);
    });
    const seen: string[] = [];
    const stream = http.events('/', { reconnect: true });
    const reading = (async () => {
      for await (const event of stream) seen.push(event.data);
    })();
    await until(() => seen.length === 2);
    await wait(20);
    stream.close();
    await reading;
    expect(samples.map(inShort)).toEqual([
      'http GET / passed',
      'sse message / passed',
      'http GET / failed: connection closed without a response',
      'http GET / failed: connection closed without a response',
      'http GET / passed',
      'sse message / passed',
    ]);
    const again = expect(readAll(http.events('/', { reconnect: true }))).rejects.toThrow(InterruptedError);
    await until(() => samples.length === 8);
    await wait(20);
    http.interrupt();
    await again;
  });
});
