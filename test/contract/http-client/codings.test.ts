import zlib from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { BodyError, isCountedFailure } from '@drumline/drivers';
import { wait } from '../support/closing.js';
import { bodyOf } from '../support/servers.js';
import { clientBench } from './bench.js';

const TEXT = 'a rather long text '.repeat(100);
/** Created by zstd 1.5 at level 19, because Node 20 has no zstd encoder. */
const ZSTD = Buffer.from('KLUv/QRo3QAAmGEgcmF0aGVyIGxvbmcgdGV4dCABAK22f4YBKIEiBg==', 'base64');

const CODED: [string, string, Buffer][] = [
  ['gzip', 'gzip', zlib.gzipSync(TEXT)],
  ['gzip under its old name', 'X-GZip', zlib.gzipSync(TEXT)],
  ['deflate', 'deflate', zlib.deflateSync(TEXT)],
  ['deflate without its header', 'deflate', zlib.deflateRawSync(TEXT)],
  ['br', 'br', zlib.brotliCompressSync(TEXT)],
  ['zstd', 'zstd', ZSTD],
  ['two codings', 'gzip, br', zlib.brotliCompressSync(zlib.gzipSync(TEXT))],
  ['two codings, the inner one deflate', 'deflate,gzip', zlib.gzipSync(zlib.deflateSync(TEXT))],
  ['none', 'identity', Buffer.from(TEXT)],
  ['nothing', '', Buffer.from(TEXT)],
];

const DAMAGED: [string, Buffer][] = [
  ['gzip', Buffer.from('nonsense')],
  ['gzip', zlib.gzipSync(TEXT).subarray(0, -9)],
  ['deflate', Buffer.concat([zlib.deflateSync(TEXT).subarray(0, -4), Buffer.from('oops')])],
  ['br', Buffer.from('nonsense')],
  ['br', zlib.brotliCompressSync(TEXT).subarray(0, -3)],
  ['zstd', Buffer.from('nonsense')],
  ['zstd', ZSTD.subarray(0, -9)],
];

function thrownBy(action: () => unknown): BodyError {
  try {
    action();
  } catch (error) {
    if (error instanceof BodyError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('content codings', () => {
  const bench = clientBench();
  const sending = (coding: string, body: Buffer) =>
    bench.serving((request, reply) => {
      expect(request.headers['accept-encoding']).toBe('gzip, deflate, br, zstd');
      reply.writeHead(200, { 'content-encoding': coding, 'content-type': 'text/plain' });
      const halves = [body.subarray(0, body.length / 2), body.subarray(body.length / 2)];
      reply.write(halves[0]);
      setTimeout(() => reply.end(halves[1]), 5);
    });

  test.each(CODED)('%s is decoded when the body is read', async (_, coding, body) => {
    const { http, samples } = await sending(coding, body);
    const response = await http.get('/');
    expect(response.text()).toBe(TEXT);
    expect(Buffer.from(response.bytes()).toString()).toBe(TEXT);
    expect([response.bodyBytes, response.headers.get('content-encoding')]).toEqual([body.length, coding]);
    expect(samples[0]!.bytesReceived).toBeLessThan(body.length + 400);
    expect(Buffer.from((await http.get('/', { decompress: false })).bytes())).toEqual(body);
  });

  test.each(CODED)('%s is decoded while the body is streamed', async (_, coding, body) => {
    const { http } = await sending(coding, body);
    const response = await http.get('/', { responseBody: 'stream' });
    expect((await bodyOf(response.body)).toString()).toBe(TEXT);
    expect(response.bodyBytes).toBe(body.length);
    const raw = await http.get('/', { responseBody: 'stream', decompress: false });
    expect(await bodyOf(raw.body)).toEqual(body);
  });

  test.each(DAMAGED)(
    'a body that is not valid %s fails its request when it is read, and is not an exception of the user',
    async (coding, body) => {
      const { http, samples, late } = await sending(coding, body);
      const response = await http.get('/p');
      expect(response.ok).toBe(true);
      const thrown = thrownBy(() => response.text());
      expect([thrown.message, isCountedFailure(thrown)]).toEqual([
        expect.stringMatching(new RegExp(`^GET /p: the body is not valid ${coding}: .`)),
        true,
      ]);
      expect(thrownBy(() => response.json())).toBe(thrown);
      expect(late).toEqual([[samples[0]!.series, thrown.failure]]);
      const streamed = await http.get('/p', { responseBody: 'stream' });
      await expect(bodyOf(streamed.body)).rejects.toThrow(
        new RegExp(`^GET /p: the body is not valid ${coding}: .`),
      );
      expect(samples[0]!.outcome).toBe('passed');
      expect(samples[1]!.outcome === 'failed' ? late.length : late.length - 1).toBe(1);
    },
  );

  test('reading it in expect fails the request at once', async () => {
    const { http, samples, late } = await sending('gzip', Buffer.from('nonsense'));
    await http.get('/p', { expect: (given) => given.text() !== '' });
    expect(samples.at(-1)).toMatchObject({
      outcome: 'failed',
      failure: 'the body is not valid gzip: incorrect header check',
    });
    expect(late).toEqual([]);
  });

  test('more than five codings are not decoded', async () => {
    const body = [1, 2, 3, 4, 5, 6].reduce<Buffer>((bytes) => zlib.gzipSync(bytes), Buffer.from(TEXT));
    const { http, late } = await sending(Array(6).fill('gzip').join(', '), body);
    const response = await http.get('/p');
    expect(() => response.text()).toThrow('GET /p: the body has more than 5 content-encodings');
    const streamed = await http.get('/p', { responseBody: 'stream' });
    await expect(bodyOf(streamed.body)).rejects.toThrow('the body has more than 5 content-encodings');
    expect(late.length).toBeGreaterThan(0);
  });

  test('the error names an unknown coding', async () => {
    const { http } = await sending('rot13', Buffer.from('x'));
    const response = await http.get('/p');
    expect(() => response.bytes()).toThrow('GET /p: content-encoding rot13 is not understood');
    const streamed = await http.get('/p', { responseBody: 'stream' });
    await expect(bodyOf(streamed.body)).rejects.toThrow('GET /p: content-encoding rot13 is not understood');
    const odd = await sending('constructor', Buffer.from('x'));
    const other = await odd.http.get('/p');
    expect(() => other.text()).toThrow('content-encoding constructor is not understood');
  });

  test('an empty body needs no decoding', async () => {
    const { http } = await sending('gzip', Buffer.alloc(0));
    expect((await http.get('/')).text()).toBe('');
    expect(await bodyOf((await http.get('/', { responseBody: 'stream' })).body)).toHaveLength(0);
    expect((await http.head('/')).text()).toBe('');
  });

  test('an encoded body that is left early or is cut off behaves like a plain one', async () => {
    const { http, samples, server } = await bench.serving((request, reply) => {
      reply.writeHead(200, { 'content-encoding': 'gzip' });
      reply.write(zlib.gzipSync(TEXT));
      if (request.url === '/broken') setTimeout(() => reply.destroy(), 30);
    });
    for await (const piece of (await http.get('/left', { responseBody: 'stream' })).body) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await server.drained();
    const broken = await http.get('/broken', { responseBody: 'stream' });
    await expect(bodyOf(broken.body)).rejects.toThrow('GET /broken: connection closed inside the response');
    await wait(10);
    expect(samples.map(({ series, outcome }) => `${series.name} ${outcome}`)).toEqual([
      '/left passed',
      '/broken failed',
    ]);
  });
});
