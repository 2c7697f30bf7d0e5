import zlib from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { HttpSettings } from '@drumline/drivers';
import { wait } from '../support/closing.js';
import { clientBench } from './bench.js';
import { EVENT_STREAM, readAll } from './event-support.js';
import { rleBomb, emptyBlocks, wideWindow } from '../support/zstd-frames.js';

const ENGINES: [string, HttpSettings][] = [
  ['native', { engine: 'native' }],
  ['undici', { engine: 'undici' }],
];
const KB = 1024;
const LIMIT = 64 * KB;
const OVER = 'larger than 64 KiB (http.maxBodyBytes)';
const BIG = Buffer.alloc(400 * KB, 'x');

describe.each(ENGINES)('memory of a response in the %s engine', (_, engine) => {
  const bench = clientBench();

  test.each([
    ['with a Content-Length', { 'content-length': BIG.length }],
    ['in chunks', {}],
  ])('a body beyond the limit fails its request: %s', async (framing, headers) => {
    const { http, samples, server } = await bench.serving(
      (request, reply) => {
        reply.writeHead(200, headers);
        if (framing === 'in chunks' || request.url !== '/') reply.end(BIG);
        else reply.flushHeaders();
      },
      { ...engine, maxBodyBytes: LIMIT },
    );
    const response = await http.get('/');
    expect([response.status, response.failure]).toEqual([0, `the response's body is ${OVER}`]);
    expect(samples).toHaveLength(1);
    expect(samples[0]!.bytesReceived).toBeGreaterThan(50);
    await server.drained();
    for (const responseBody of ['discard', 'hash'] as const) {
      expect((await http.get('/all', { responseBody })).bodyBytes).toBe(BIG.length);
    }
    expect((await http.get('/all', { maxBodyBytes: 0 })).text()).toHaveLength(BIG.length);
    expect((await http.get('/all', { maxBodyBytes: BIG.length })).ok).toBe(true);
    expect((await http.head('/all')).ok).toBe(true);
  });

  test('a redirect whose body is too large is followed', async () => {
    const { http } = await bench.serving(
      (request, reply) => {
        if (request.url === '/there') return reply.end('ok');
        return reply.writeHead(302, { location: '/there', 'content-length': BIG.length }).end(BIG);
      },
      { ...engine, maxBodyBytes: LIMIT },
    );
    expect((await http.get('/')).text()).toBe('ok');
  });

  const coded: [string, Buffer][] = [
    ['gzip', zlib.gzipSync(BIG)],
    ['deflate', zlib.deflateSync(BIG)],
    ['deflate', zlib.deflateRawSync(BIG)],
    ['br', zlib.brotliCompressSync(BIG)],
    ['zstd', rleBomb(BIG.length)],
    ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(BIG))],
  ];
  test.each(coded)(
    'a %s body that is too large after decompression fails its request',
    async (coding, body) => {
      const { http, samples, late } = await bench.serving(
        (_request, reply) => reply.writeHead(200, { 'content-encoding': coding }).end(body),
        { ...engine, maxBodyBytes: LIMIT },
      );
      const response = await http.get('/p');
      const reason = `the decompressed body is ${OVER}`;
      expect(() => response.text()).toThrow(`GET /p: ${reason}`);
      expect(() => response.json()).toThrow(`GET /p: ${reason}`);
      expect(late).toEqual([[samples[0]!.series, reason]]);
      expect((await http.get('/p', { maxBodyBytes: BIG.length })).text()).toHaveLength(BIG.length);
      expect((await http.get('/p', { decompress: false })).bytes()).toHaveLength(body.length);
    },
  );

  test('a decoded stream that is never read does not fill memory', async () => {
    // Create the gzip body before memory is measured, because that allocates 16 MiB here.
    const bodies = new Map([
      ['gzip', gzipBomb()],
      ['zstd', rleBomb(512 * KB * KB)],
    ]);
    const { http } = await bench.serving((request, reply) => {
      const coding = request.url!.slice(1);
      reply.writeHead(200, { 'content-encoding': coding }).end(bodies.get(coding));
    }, engine);
    for (const coding of bodies.keys()) {
      const before = process.memoryUsage().arrayBuffers;
      const pieces = (await http.get(`/${coding}`, { responseBody: 'stream' })).body[Symbol.asyncIterator]();
      await pieces.next();
      await wait(100);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * KB * KB);
      await pieces.return?.();
    }
  });
});

describe('zstd bodies of excessive cost', () => {
  const bench = clientBench();

  test.each([
    ['a wide window', wideWindow(), 'a window of more than 8 MiB (RFC 9659)'],
    ['blocks without content', emptyBlocks(), 'blocks that hold next to nothing'],
  ])('%s', async (_, body, why) => {
    const { http } = await bench.serving((_request, reply) =>
      reply.writeHead(200, { 'content-encoding': 'zstd' }).end(body),
    );
    const response = await http.get('/p');
    // Node's own decoder has another message for the first body and accepts the second.
    const native = 'zstdDecompressSync' in zlib;
    if (!native) expect(() => response.text()).toThrow(`GET /p: the body is not valid zstd: ${why}`);
  });
});

describe('memory of a stream of events', () => {
  const bench = clientBench();

  test.each([
    ['a line without end', 'data: ' + 'x'.repeat(200)],
    ['an unknown line without end', 'x'.repeat(200)],
    ['an event without end', 'data: x\n'.repeat(100)],
    ['an event of empty lines without end', 'data\n'.repeat(100)],
    ['a complete event', `data: ${'x'.repeat(200)}\n\n`],
  ])('%s fails the request', async (_, text) => {
    const { http, late } = await bench.serving(
      (_request, reply) => {
        reply.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
        setTimeout(() => reply.write(text), 10);
      },
      { maxBodyBytes: 100 },
    );
    expect(await readAll(http.events('/'))).toEqual(['message 1']);
    expect(late.map(([, reason]) => reason)).toEqual(['an event is larger than 100 B (http.maxBodyBytes)']);
  });

  test('the memory of small events includes overhead: a slow reader makes the server wait', async () => {
    const events = 100_000;
    let written = 0;
    const { http, samples } = await bench.serving((_request, reply) => {
      reply.writeHead(200, EVENT_STREAM);
      const more = (): void => {
        while (written < events && reply.write('data\n\n'.repeat(100))) written += 100;
        if (written < events) reply.once('drain', more);
      };
      more();
    });
    const stream = http.events('/')[Symbol.asyncIterator]();
    await stream.next();
    await wait(150);
    const received = samples.filter(({ series }) => series.protocol === 'sse').length;
    expect(received).toBeLessThan(events / 2);
    await stream.return(undefined);
  });
});

describe('memory of cookies', () => {
  const bench = clientBench();

  test('keeps the last 180 of a domain, and none of more than 4,096 bytes', async () => {
    const { http } = await bench.serving((request, reply) => {
      const from = Number(request.url!.slice(1));
      const cookies = Array.from({ length: 100 }, (_, i) => `c${from + i}=1`);
      cookies.push(`long=${'x'.repeat(4_096)}`, `fits=${'x'.repeat(4_000)}`);
      reply
        .writeHead(200, { 'set-cookie': cookies, 'x-cookies': (request.headers.cookie ?? '').length })
        .end();
    });
    for (const from of [0, 100, 200]) await http.get(`/${from}`);
    const names = Object.keys(http.cookies.all());
    expect(names).toHaveLength(180);
    expect([
      names.includes('c0'),
      names.includes('c299'),
      names.includes('long'),
      names.includes('fits'),
    ]).toEqual([false, true, false, true]);
    http.cookies.set('own', '1');
    expect(http.cookies.get('own')).toBe('1');
  });

  test('does not grow with paths and expired cookies', async () => {
    const { http } = await bench.serving((_request, reply) => {
      const cookies = Array.from({ length: 200 }, (_, i) => `c=1; path=/${i}; max-age=1`);
      reply.writeHead(200, { 'set-cookie': cookies }).end();
    });
    await http.get('/');
    const paths = Array.from({ length: 200 }, (_, i) => http.cookies.get('c', `/${i}`));
    expect(paths.filter((value) => value !== undefined)).toHaveLength(180);
  });
});

/** 512 MB of zeros. */
function gzipBomb(): Buffer {
  const member = zlib.gzipSync(Buffer.alloc(16 * KB * KB));
  return Buffer.concat(Array(32).fill(member));
}
