import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InterruptedError } from '@drumline/drivers';
import { until, wait } from '../support/closing.js';
import { bodyOf, closedPort, type Handler } from '../support/servers.js';
import { clientBench } from './bench.js';

const PIECE = Buffer.alloc(64 * 1024, 'drumline ');

let folder: string;
let file: string;
const CONTENT = Buffer.alloc(1_000_003, 'a file that is read while it is sent ');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drumline-upload-'));
  file = join(folder, 'photo.bin');
  await writeFile(file, CONTENT);
});
afterAll(() => rm(folder, { recursive: true }));

/** An endless body, which records when it is stopped. */
function endless(): { body: AsyncIterable<Uint8Array>; made: () => number; stopped: () => boolean } {
  let made = 0;
  let stopped = false;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        made += 1;
        yield PIECE;
      }
    } finally {
      stopped = true;
    }
  }
  return { body: pieces(), made: () => made, stopped: () => stopped };
}

async function* texts(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

describe('a streamed request body', () => {
  const bench = clientBench();
  const keeping = async () => {
    const seen: [http.IncomingMessage, Buffer][] = [];
    const keep: Handler = (request, reply) => {
      const kept = bodyOf(request).then((body) => {
        seen.push([request, body]);
        reply.end();
      });
      kept.catch(() => {});
    };
    return { seen, ...(await bench.serving(keep)) };
  };

  test('may be a file, sent in chunks or with a length', async () => {
    const { http, seen, samples, server } = await keeping();
    await http.put('/file', { body: createReadStream(file) });
    await http.put('/file', { body: createReadStream(file), bodyLength: CONTENT.length });
    expect(seen.map(([, body]) => body.equals(CONTENT))).toEqual([true, true]);
    expect(seen[0]![0].headers['transfer-encoding']).toBe('chunked');
    expect(seen[1]![0].headers).toMatchObject({ 'content-length': String(CONTENT.length) });
    expect(seen[1]![0].headers).not.toHaveProperty('transfer-encoding');
    expect(samples[0]!.bytesSent + samples[1]!.bytesSent).toBe(server.sockets[0]!.bytesRead);
    expect(server.connections).toBe(1);
  });

  test('may be text from a generator, a web stream, or empty', async () => {
    const { http, seen } = await keeping();
    await http.post('/', { body: texts('grün', '', 'e ', 'Wiese') });
    await http.post('/', { body: new Blob(['from the web']).stream() as AsyncIterable<Uint8Array> });
    await http.post('/', { body: texts(), headers: { 'content-type': 'text/plain' } });
    expect(seen.map(([, body]) => body.toString())).toEqual(['grüne Wiese', 'from the web', '']);
    expect(seen[2]![0].headers['content-type']).toBe('text/plain');
  });

  test('is generated no faster than the server reads', async () => {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const { http, server } = await bench.serving((request, reply) => {
      void released.then(async () => {
        for await (const _ of request) if (request.socket.bytesRead > 50_000_000) break;
        reply.end();
      });
    });
    const { body, made } = endless();
    const call = http.post('/', { body, timeout: 0 });
    await until(() => server.requests === 1);
    for (let before = -1; before !== made(); await wait(100)) before = made();
    // The socket buffers of both sides hold several megabytes.
    expect(made()).toBeLessThan(500);
    release();
    await until(() => made() > 700);
    await call;
  });

  test('fails the request with the reason if the generator throws', async () => {
    const { http, samples } = await keeping();
    async function* broken(): AsyncGenerator<string> {
      yield 'half a';
      throw new Error('no more letters');
    }
    expect((await http.post('/', { body: broken() })).failure).toContain('no more letters');
    const missing = await http.post('/', { body: createReadStream(join(folder, 'none')) });
    expect(missing.failure).toMatch(/body failed: ENOENT/);
    const odd = await http.post('/', { body: Readable.from([{ no: 'bytes' }]) });
    expect(odd.failure).toContain('a piece of the body must be a string or a Uint8Array');
    expect(samples.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
  });

  test.each([
    [3, /more than the 3 bytes that were announced/],
    [5, /fewer than the 5 bytes that were announced/],
  ])('fails the request if its length is not the declared %i', async (bodyLength, failure) => {
    const { http } = await keeping();
    expect((await http.post('/', { body: texts('ab', 'cd'), bodyLength })).failure).toMatch(failure);
  });

  test('with an invalid length is rejected', async () => {
    const { http, samples } = await keeping();
    await expect(http.post('/', { body: texts('a'), bodyLength: -1 })).rejects.toThrow(
      'bodyLength must be a whole number of bytes of at least 0, not -1',
    );
    expect(samples).toEqual([]);
  });

  test('stops being generated when the server answers', async () => {
    const { http, samples, server } = await bench.serving((_, reply) => {
      reply.writeHead(413).end('too large');
    });
    const { body, stopped } = endless();
    const response = await http.post('/', { body });
    expect(response).toMatchObject({ status: 413, failure: 'status 413' });
    expect(response.text()).toBe('too large');
    await until(stopped);
    await server.drained();
    expect(samples).toHaveLength(1);
  });

  test('stops being generated when its user is stopped', async () => {
    const { http, samples, server } = await bench.serving(() => {});
    const { body, stopped } = endless();
    const call = expect(http.post('/', { body })).rejects.toThrow(InterruptedError);
    await until(() => server.requests === 1);
    http.interrupt();
    await call;
    await until(stopped);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['interrupted']);
    expect(samples[0]!.bytesSent).toBeGreaterThan(0);
  });

  test('leaves no file open, even if it was never read', async () => {
    const { http } = await bench.client(`http://127.0.0.1:${await closedPort()}`);
    const body = createReadStream(file);
    expect((await http.post('/', { body })).failure).toBe('connection refused');
    await until(() => body.closed);
    const late = createReadStream(join(folder, 'none'));
    expect((await http.post('/', { body: late })).failure).toBe('connection refused');
  });

  test('that stalls is closed at the timeout', async () => {
    const { http } = await bench.serving(() => {});
    const body = new Readable({ read() {} });
    expect((await http.post('/', { body, timeout: '50ms' })).failure).toBe('timeout after 50ms');
    await until(() => body.destroyed);
  });
});

describe('a streamed body and a redirect', () => {
  const bench = clientBench();
  const redirecting = (status: number) => {
    const seen: string[] = [];
    const handler: Handler = (request, reply) => {
      void bodyOf(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${body.toString()}`);
        reply.writeHead(request.url === '/a' ? status : 200, { location: '/b' }).end();
      });
    };
    return bench.serving(handler).then((served) => ({ ...served, seen }));
  };

  test('cannot follow a 307, and the failure has the reason', async () => {
    const { http, seen } = await redirecting(307);
    expect(await http.post('/a', { body: texts('x') })).toMatchObject({
      status: 307,
      failure: 'a streamed body cannot be sent again to where the redirect points',
    });
    expect(seen).toEqual(['POST /a x']);
  });

  test('is dropped by a 303', async () => {
    const { http, seen } = await redirecting(303);
    expect((await http.post('/a', { body: texts('x') })).status).toBe(200);
    expect(seen).toEqual(['POST /a x', 'GET /b ']);
  });

  test('is sent again if a function creates it', async () => {
    const { http, seen } = await redirecting(308);
    const files: Readable[] = [];
    const body = (): Readable => {
      files.push(Readable.from(['x', 'y']));
      return files.at(-1)!;
    };
    expect((await http.post('/a', { body, bodyLength: 2 })).status).toBe(200);
    expect(seen).toEqual(['POST /a xy', 'POST /b xy']);
    expect(files.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});
