import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { until, wait } from '../../../../test/contract/support/closing.js';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import { Carrying } from '../../../../test/contract/support/h2-exchanges.js';
import { rawFrame, serveFrames, serveStreams } from '../../../../test/contract/support/h2-peers.js';

const bench = new H2Bench();
const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });

describe('requests', () => {
  test('method, scheme, authority, path and headers arrive; connection headers do not', async () => {
    const server = await bench.closing(
      serveStreams(
        (stream, headers) => {
          stream.respond({ ':status': 200 });
          stream.end(JSON.stringify(headers));
        },
        { identity },
      ),
    );
    const user = await Carrying.open(bench, server.port, 100, identity.cert);
    const headers = ['X-One', ' 1 ', 'Connection', 'close', 'TE', 'gzip', 'keep-alive', '5', 'cookie', 'a=b'];
    const seen = JSON.parse((await user.response({ path: '/p?q=1', headers })).text());
    expect(seen).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':authority': `localhost:${server.port}`,
      ':path': '/p?q=1',
      'x-one': '1',
      cookie: 'a=b',
    });
    const named = await user.response({ headers: ['Host', 'shop.example', 'te', 'trailers'] });
    expect(JSON.parse(named.text())).toMatchObject({ ':authority': 'shop.example', te: 'trailers' });
  });

  test.each([false, true])(
    'requests with the same headers but another path, method or body stay separate (frozen: %s)',
    async (frozen) => {
      const user = await Carrying.to(bench, (stream, headers) => {
        stream.respond({ ':status': 200 });
        stream.end(
          [':method', ':path', 'content-length', 'x-a'].map((name) => String(headers[name])).join(' '),
        );
      });
      const headers = ['x-a', 'b'];
      if (frozen) Object.freeze(headers);
      const respond = async (method: string, path: string, body?: Uint8Array): Promise<string> =>
        (await user.response({ method, path, headers, ...(body && { body }) })).text();
      for (let i = 0; i < 2; i++) {
        expect(await respond('GET', '/a')).toBe('GET /a undefined b');
        for (const path of ['/b', '/c', '/d', '/e', '/f']) {
          expect(await respond('GET', path)).toBe(`GET ${path} undefined b`);
        }
        expect(await respond('POST', '/b')).toBe('POST /b 0 b');
        expect(await respond('POST', '/b', Buffer.from('four'))).toBe('POST /b 4 b');
        expect(await respond('POST', '/b', Buffer.from('fives'))).toBe('POST /b 5 b');
      }
    },
  );

  test.each([1, 1024, 16_384, 65_536, 65_537, 81_920, 1_000_000])(
    'a body of %i bytes counts as sent when its last byte is sent',
    async (length) => {
      const wide = [rawFrame(4, 0, 0, '0003 00000032 0004 00ffffff'), rawFrame(8, 0, 0, '00ffffff')];
      const pieces: Buffer[] = [];
      const server = await bench.closing(
        serveFrames((frame, peer) => {
          if (frame.type !== 0) return;
          pieces.push(frame.payload);
          if ((frame.flags & 1) === 1) peer.send(rawFrame(1, 0x5, 1, '88'));
        }, Buffer.concat(wide)),
      );
      const user = await Carrying.open(bench, server.port);
      await until(() => user.connection.room === 50);
      const body = Buffer.alloc(length).map((_, i) => i % 251);
      const response = await user.response({ method: 'POST', body });
      expect(Buffer.compare(Buffer.concat(pieces), body)).toBe(0);
      expect(response.timing.sendEndedAtMs).toBeGreaterThanOrEqual(response.timing.sentAtMs!);
      expect(response.bytesSent).toBeGreaterThan(length + 9 * pieces.length);
    },
  );

  test('a streamed body', async () => {
    const user = await Carrying.to(bench, (stream) => {
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
      stream.on('end', () => {
        if (stream.destroyed) return;
        stream.respond({ ':status': 200 });
        stream.end(String(bytes));
      });
    });
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 50; i++) {
        await wait(0);
        yield Buffer.alloc(20_000);
      }
    }
    const response = await user.response({ method: 'POST', body: { chunks: chunks() } });
    expect(response.text()).toBe('1000000');
    expect(response.timing.sendEndedAtMs!).toBeGreaterThan(response.timing.sentAtMs!);
    for (const lengthBytes of [10, 2_000_000]) {
      const result = await user.failure({ method: 'POST', body: { chunks: chunks(), lengthBytes } });
      expect(result.failure).toMatchObject({ class: 'invalid', code: 'CONTENT_LENGTH_MISMATCH' });
    }
    expect(user.connection.busy).toBe(0);
  });

  test.each([
    ['a line break in a header', { headers: ['x-a', 'b\r\nx-evil: 1'] }],
    ['a character beyond U+00FF', { headers: ['x-a', '→'] }],
    ['a space in the name of a header', { headers: ['x a', 'b'] }],
    ['a header that is a pseudo-header', { headers: [':path', '/evil'] }],
    ['a space in the path', { path: '/a b' }],
    ['a method with spaces', { method: 'GET /x' }],
    ['a wrong length', { method: 'POST', headers: ['content-length', '3'], body: Buffer.from('x') }],
  ])('%s is rejected before anything is sent', async (_, wrong) => {
    const user = await Carrying.to(bench, (stream) =>
      stream.respond({ ':status': 200 }, { endStream: true }),
    );
    const result = await user.failure(wrong);
    expect(result).toMatchObject({ sent: false, bytesSent: 0, failure: { class: 'invalid' } });
    expect((await user.response()).status).toBe(200);
  });
});

describe('responses', () => {
  test('head, body, trailers, bytes and instants', async () => {
    const user = await Carrying.toFrames(bench, (peer, id) => {
      peer.send(
        rawFrame(1, 0x4, id, '88 0001 6101 62'),
        rawFrame(0, 0, id, Buffer.from('hello')),
        rawFrame(1, 0x5, id, '0001 6301 64'),
      );
    });
    const response = await user.response({ headers: [] });
    expect(response).toMatchObject({ version: 'h2', status: 200, statusText: '', bodyBytes: 5 });
    expect([response.text(), response.header('a'), response.rawHeaders, response.rawTrailers]).toEqual([
      'hello',
      'b',
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(response.bytesReceived).toBe(9 + 6 + 9 + 5 + 9 + 5);
    const { startedAtMs, sentAtMs, sendEndedAtMs, firstByteAtMs, endedAtMs } = response.timing;
    const instants = [startedAtMs, sentAtMs!, sendEndedAtMs!, firstByteAtMs!, endedAtMs];
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(user.told).toEqual(['room']);
  });

  test('a response before the end of the request stops the upload', async () => {
    const codes: number[] = [];
    const user = await Carrying.to(bench, (stream) => {
      stream.on('close', () => codes.push(stream.rstCode));
      stream.respond({ ':status': 413 }, { endStream: true });
    });
    const response = await user.response({ method: 'POST', body: Buffer.alloc(1_000_000) });
    expect(response.status).toBe(413);
    expect(response.timing.sendEndedAtMs).toBeUndefined();
    await until(() => codes.length === 1);
    expect(user.connection.busy).toBe(0);
  });

  test('a stream of pieces can be paused', async () => {
    const user = await Carrying.to(bench, (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(5_000_000));
    });
    let pieces = 0;
    const sent = user.exchange({
      receive: 'stream',
      onHead: () => sent.exchange.pause(),
      onData: () => pieces++,
    });
    await until(() => pieces > 0);
    await wait(100);
    expect(sent.exchange.bodyBytes).toBeLessThanOrEqual(1024 * 1024);
    sent.exchange.resume();
    expect(await sent.done).toMatchObject({ kind: 'response', bodyBytes: 5_000_000 });
  });
});
