import { createHash } from 'node:crypto';
import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { InterruptedError } from '@drumline/drivers';
import { until, wait } from '../support/closing.js';
import { bodyOf, closedPort } from '../support/servers.js';
import { clientBench } from './bench.js';

const PIECE = Buffer.alloc(64 * 1024, 'drumline ');

/** Sends the piece this many times, as fast as the client reads it. */
function pour(reply: http.ServerResponse, pieces: number, onPiece?: () => void): void {
  let left = pieces;
  const write = (): void => {
    while (left > 0) {
      left -= 1;
      onPiece?.();
      if (!reply.write(PIECE)) return void reply.once('drain', write);
    }
    reply.end();
  };
  write();
}

describe('a streamed response body', () => {
  const bench = clientBench();

  test('is readable while it arrives, and the sample is recorded at its end', async () => {
    let answer!: http.ServerResponse;
    const { http, samples, server } = await bench.serving((_, reply) => {
      (answer = reply).writeHead(200, { 'x-a': '1' }).write('one');
    });
    const response = await http.get('/p', { responseBody: 'stream' });
    expect(response).toMatchObject({ status: 200, ok: true, durationMs: 0, bodyBytes: 0, failed: false });
    expect(response.headers.get('x-a')).toBe('1');
    expect(samples).toEqual([]);
    const seen: string[] = [];
    for await (const piece of response.body) {
      seen.push(Buffer.from(piece).toString());
      if (seen.length === 1) answer.end('two');
    }
    expect(seen).toEqual(['one', 'two']);
    expect(samples).toMatchObject([{ outcome: 'passed', bytesReceived: server.sockets[0]!.bytesWritten }]);
    expect(response.bodyBytes).toBe(6);
    expect(samples[0]!.durationUs).toBe(Math.round(response.durationMs * 1_000));
    expect(response.timing.receiveMs).toBeGreaterThan(0);
    await http.get('/q', { timeout: '20ms' });
    expect(server.connections).toBe(1);
  });

  test('can be read once, and only if the request asked for a stream', async () => {
    const { http } = await bench.serving((_, reply) => reply.end('body'));
    const streamed = await http.get('/', { responseBody: 'stream' });
    expect(() => streamed.text()).toThrow(
      /GET \/: the body was not kept: set responseBody to 'keep' instead of 'stream'/,
    );
    await bodyOf(streamed.body);
    await expect(bodyOf(streamed.body)).rejects.toThrow('the body can be read only once');
    const kept = await http.get('/');
    expect(() => kept.body).toThrow(
      /GET \/: the body can be read in pieces only with responseBody: 'stream'/,
    );
  });

  test('is empty if there is no response', async () => {
    const { http } = await bench.client(`http://127.0.0.1:${await closedPort()}`);
    const response = await http.get('/', { responseBody: 'stream' });
    expect(response.failure).toBe('connection refused');
    expect(await bodyOf(response.body)).toHaveLength(0);
  });

  test('may be left early: the connection is closed, and the request counts up to that point', async () => {
    const { http, samples, server } = await bench.serving((_, reply) => pour(reply, 10_000));
    const response = await http.get('/', { responseBody: 'stream' });
    for await (const _ of response.body) break;
    await server.drained();
    expect(samples).toMatchObject([{ outcome: 'passed', status: 200 }]);
    expect(samples[0]!.bytesReceived).toBeGreaterThan(0);
    expect(response.failed).toBe(false);
  });

  test('throws in the loop and fails the request if it is cut off', async () => {
    const { http, samples } = await bench.serving((_, reply) => {
      reply.writeHead(200, { 'content-length': 100 }).write('some');
      setTimeout(() => reply.destroy(), 20);
    });
    const response = await http.get('/p', { responseBody: 'stream' });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of response.body) pieces.push(Buffer.from(piece).toString());
    })();
    await expect(reading).rejects.toThrow('GET /p: connection closed inside the response');
    expect(pieces).toEqual(['some']);
    expect(samples).toMatchObject([{ outcome: 'failed', failure: 'connection closed inside the response' }]);
    expect(response.failure).toBe('connection closed inside the response');
  });

  test('belongs to the last response of a redirect chain; too many redirects fail the request', async () => {
    const { http, samples } = await bench.serving((request, reply) => {
      if (request.url === '/b') reply.end('here');
      else reply.writeHead(302, { location: request.url === '/a' ? '/b' : '/loop' }).end('elsewhere');
    });
    const response = await http.get('/a', { responseBody: 'stream' });
    expect((await bodyOf(response.body)).toString()).toBe('here');
    expect(response.redirects).toHaveLength(1);
    const lost = await http.get('/loop', { responseBody: 'stream', redirects: 1 });
    expect(lost).toMatchObject({ status: 302, failure: 'too many redirects (1)' });
    expect((await bodyOf(lost.body)).toString()).toBe('elsewhere');
    expect(samples.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
  });

  test('passes or fails by the status at once, by an expect function at its end', async () => {
    const { http, samples } = await bench.serving((request, reply) => {
      reply.writeHead(request.url === '/bad' ? 500 : 200).write('x');
      setTimeout(() => reply.end(), 20);
    });
    const bad = await http.get('/bad', { responseBody: 'stream' });
    expect(bad.failure).toBe('status 500');
    expect((await bodyOf(bad.body)).toString()).toBe('x');
    const judged = await http.get('/p', {
      responseBody: 'stream',
      expect: ({ bodyBytes }) => (bodyBytes === 1 ? 'too short' : true),
    });
    expect(judged.failed).toBe(false);
    await bodyOf(judged.body);
    expect(judged.failure).toBe('too short');
    expect(samples.map(({ failure }) => failure)).toEqual(['status 500', 'too short']);
  });

  test('is interrupted with its user', async () => {
    const { http, samples } = await bench.serving((_, reply) => void reply.writeHead(200).write('x'));
    const response = await http.get('/', { responseBody: 'stream' });
    const reading = expect(bodyOf(response.body)).rejects.toThrow(InterruptedError);
    await wait(10);
    http.interrupt();
    await reading;
    expect(samples.map(({ outcome }) => outcome)).toEqual(['interrupted']);
  });

  test('runs into the timeout if it is never read', async () => {
    const { http, samples } = await bench.serving((_, reply) => pour(reply, 1_000));
    const response = await http.get('/', { responseBody: 'stream', timeout: '300ms' });
    await until(() => samples.length === 1);
    expect(response.failure).toBe('timeout after 300ms');
    await expect(bodyOf(response.body)).rejects.toThrow('GET /: timeout after 300ms');
  });

  test('makes the server wait for a slow reader', async () => {
    let sent = 0;
    const { http } = await bench.serving((_, reply) => pour(reply, 1_000, () => (sent += 1)));
    const response = await http.get('/', { responseBody: 'stream' });
    let bytes = 0;
    for await (const piece of response.body) {
      if (bytes === 0) {
        for (let before = -1; before !== sent; await wait(100)) before = sent;
        // The socket buffers of both sides hold several megabytes.
        expect(sent).toBeLessThan(500);
      }
      bytes += piece.length;
    }
    expect(bytes).toBe(1_000 * PIECE.length);
  });
});

describe('the handling of a body', () => {
  const bench = clientBench();

  test('hash: only its checksum as received', async () => {
    const { http, samples } = await bench.serving((request, reply) => {
      if (request.url === '/r') reply.writeHead(302, { location: '/p' }).end('not this');
      else pour(reply, 3);
    });
    const response = await http.get('/r', { responseBody: 'hash' });
    const whole = Buffer.concat([PIECE, PIECE, PIECE]);
    expect(response.sha256).toBe(createHash('sha256').update(whole).digest('hex'));
    expect(response.bodyBytes).toBe(whole.length);
    expect(() => response.bytes()).toThrow(
      /the body was not kept: set responseBody to 'keep' instead of 'hash'/,
    );
    expect((await http.get('/p')).sha256).toBeUndefined();
    expect(samples.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
  });

  test('hash: undefined if the body is cut off', async () => {
    const { http } = await bench.serving((_, reply) => {
      reply.writeHead(200, { 'content-length': 9 }).write('some');
      setTimeout(() => reply.destroy(), 20);
    });
    const response = await http.get('/', { responseBody: 'hash' });
    expect(response).toMatchObject({ failure: 'connection closed inside the response', sha256: undefined });
  });

  test('discard: only its length; a request may override the setting', async () => {
    const { http } = await bench.serving((_, reply) => reply.end('{"a":1}'), { responseBody: 'discard' });
    const response = await http.get('/p');
    expect(response).toMatchObject({ status: 200, bodyBytes: 7 });
    expect(() => response.json()).toThrow(
      /GET \/p: the body was not kept: set responseBody to 'keep' instead of 'discard'/,
    );
    expect((await http.get('/p', { responseBody: 'keep' })).json()).toEqual({ a: 1 });
  });

  test.each(['stream', 'hash', 'discard'] as const)(
    '%s: memory does not grow with its size',
    async (responseBody) => {
      const { http } = await bench.serving((_, reply) => pour(reply, 3_000));
      globalThis.gc?.();
      let peak = 0;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers)), 5);
      const before = process.memoryUsage().arrayBuffers;
      const response = await http.get('/', { responseBody });
      if (responseBody === 'stream') for await (const _ of response.body);
      clearInterval(watch);
      expect(response.bodyBytes).toBe(3_000 * PIECE.length);
      expect(peak - before).toBeLessThan(0.5 * response.bodyBytes);
    },
  );
});
