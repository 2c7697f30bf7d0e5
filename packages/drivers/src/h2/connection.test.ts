import type http2 from 'node:http2';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { until } from '../../../../test/contract/support/closing.js';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import {
  serveStreams,
  type StreamServer,
  type StreamHandler,
} from '../../../../test/contract/support/h2-peers.js';
import { ErrorCode } from './errors.js';

const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });
const bench = new H2Bench();

function serve(onStream: StreamHandler, options: http2.ServerOptions = {}): Promise<StreamServer> {
  return bench.closing(serveStreams(onStream, options));
}

/** Echoes the request in the response. */
const echo: StreamHandler = (stream, headers) => {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    if (stream.closed) return;
    stream.respond({ ':status': 200, 'x-asked': `${headers[':method']} ${headers[':path']}` });
    stream.end(Buffer.concat(chunks));
  });
};

const big = Buffer.alloc(3_000_000).map((_, i) => (i * 31) % 251);

describe('with Node’s server', () => {
  test.each([
    ['without TLS', undefined],
    ['with TLS', identity],
  ])('hundreds of requests on one connection, %s', async (_, tls) => {
    const server = await bench.closing(serveStreams(echo, tls && { identity: tls }));
    const client = await bench.connect(server.port, {}, tls?.cert);
    const calls = Array.from({ length: 300 }, (__, i) =>
      i % 3 === 0
        ? client.request({ method: 'POST', path: `/${i}`, body: Buffer.from(`body ${i}`) })
        : client.request({ path: `/${i}` }),
    );
    for (const [i, call] of calls.entries()) {
      expect(await call.ended).toEqual({ kind: 'complete' });
      expect(call.headers!.status).toBe(200);
      expect(call.headers!.header('x-asked')).toBe(`${i % 3 === 0 ? 'POST' : 'GET'} /${i}`);
      expect(call.body.toString()).toBe(i % 3 === 0 ? `body ${i}` : '');
    }
    expect(client.connection.openStreams).toBe(0);
    expect(server.sessions).toHaveLength(1);
  });

  test('concurrent bodies of megabytes arrive unchanged in both directions', async () => {
    const server = await serve(echo);
    const client = await bench.connect(server.port);
    const calls = [1, 2, 3].map(() => client.request({ method: 'POST', body: big }));
    for (const call of calls) {
      expect(await call.ended).toEqual({ kind: 'complete' });
      expect(Buffer.compare(call.body, big)).toBe(0);
    }
  });

  test('bodies of megabytes pass through windows of a few bytes', async () => {
    const body = big.subarray(0, 300_000);
    const server = await serve(echo, { settings: { initialWindowSize: 100 } });
    const client = await bench.connect(server.port, {
      streamWindowBytes: 1000,
      connectionWindowBytes: 70_000,
    });
    const calls = [1, 2, 3].map(() => client.request({ method: 'POST', body }));
    for (const call of calls) {
      expect(await call.ended).toEqual({ kind: 'complete' });
      expect(Buffer.compare(call.body, body)).toBe(0);
      expect(call.drains).toBe(1);
    }
  });

  test('interim responses are distinguished, and trailers come last', async () => {
    const server = await serve((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
      stream.respond({ ':status': 200, 'x-a': 'b' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': '42' }));
      stream.end('hello');
    });
    const call = (await bench.connect(server.port)).request();
    expect(await call.ended).toEqual({ kind: 'complete' });
    expect(call.interim).toEqual([103]);
    expect(call.headers!.header('link')).toBeUndefined();
    expect(call.body.toString()).toBe('hello');
    expect(call.trailers).toEqual(['x-checksum', '42']);
  });

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('%s with status %i has no body, whatever its length', async (method, status) => {
    const server = await serve((stream) => {
      stream.respond(
        { ':status': status, ...(status !== 204 && { 'content-length': 5 }) },
        { endStream: true },
      );
    });
    const call = (await bench.connect(server.port)).request({ method });
    expect(await call.ended).toEqual({ kind: 'complete' });
    expect([call.headers!.status, call.body.length]).toEqual([status, 0]);
  });

  test('a stream that the server resets reports the code', async () => {
    const server = await serve((stream) => stream.close(ErrorCode.INTERNAL_ERROR));
    const client = await bench.connect(server.port);
    expect(await client.request().ended).toEqual({ kind: 'reset', code: ErrorCode.INTERNAL_ERROR });
    expect(client.told).toEqual([]);
  });

  test('a stream that we reset ends at the server, and others continue', async () => {
    const codes: number[] = [];
    const server = await serve((stream, headers) => {
      stream.on('close', () => codes.push(stream.rstCode));
      stream.respond({ ':status': 200 });
      stream.write('x');
      if (headers[':path'] === '/other') stream.end();
    });
    const client = await bench.connect(server.port);
    const call = client.request();
    await until(() => call.body.length === 1);
    call.stream.reset(ErrorCode.CANCEL);
    expect(await client.request({ path: '/other' }).ended).toEqual({ kind: 'complete' });
    expect(codes[0]).toBe(ErrorCode.CANCEL);
    expect(call.ending).toBeUndefined();
  });

  test('a paused stream stops the server, and the others continue', async () => {
    let written = 0;
    const server = await serve((stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] !== '/endless') return void stream.end('ok');
      const write = (): void => {
        do written += 10_000;
        while (stream.write(big.subarray(0, 10_000)));
      };
      stream.on('drain', write);
      write();
    });
    const client = await bench.connect(server.port, { streamWindowBytes: 100_000 });
    const call = client.request({ path: '/endless' });
    await until(() => call.body.length > 300_000);
    call.stream.pause();
    const atPause = call.body.length;
    for (let i = 0; i < 20; i++) expect(await client.request().ended).toEqual({ kind: 'complete' });
    expect(call.body.length).toBeLessThanOrEqual(atPause + 100_000);
    call.stream.resume();
    await until(() => call.body.length > atPause + 300_000);
  });

  test('the room follows the server’s stream limit', async () => {
    let held = false;
    const server = await serve(
      (stream, headers) => {
        if (headers[':path'] === '/hold') held = true;
        else stream.respond({ ':status': 200 }, { endStream: true });
      },
      { settings: { maxConcurrentStreams: 3 } },
    );
    const client = await bench.connect(server.port, { maxStreams: 10 });
    expect(client.connection.room).toBe(10);
    await client.request().ended;
    expect(client.connection.room).toBe(3);
    client.request({ path: '/hold' });
    expect(client.connection.room).toBe(2);
    expect(client.told).toEqual(['room']);
    await until(() => held);
    server.sessions[0]!.settings({ maxConcurrentStreams: 0 });
    await until(() => client.told.length === 2);
    expect(client.connection.room).toBe(0);
    server.sessions[0]!.settings({ maxConcurrentStreams: 200 });
    await until(() => client.told.length === 3);
    expect(client.connection.room).toBe(9);
  });

  test('after GOAWAY, the server finishes open streams and closes', async () => {
    const server = await serve((stream, headers) => {
      if (headers[':path'] === '/last') stream.session!.close();
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 30);
    });
    const client = await bench.connect(server.port);
    const calls = [client.request(), client.request({ path: '/last' })];
    for (const call of calls) expect(await call.ended).toEqual({ kind: 'complete' });
    await client.closed;
    expect(client.told).toEqual(['retired', 'closed']);
    expect(client.connection.room).toBe(0);
  });

  test('headers larger than a frame arrive, and are received', async () => {
    const long = 'v'.repeat(20_000);
    const server = await bench.closing(
      serveStreams(
        (stream, headers) =>
          stream.respond({ ':status': 200, 'x-back': headers['x-long'] }, { endStream: true }),
        { maxSendHeaderBlockLength: 100_000, settings: { maxHeaderListSize: 200_000 } },
      ),
    );
    const client = await bench.connect(server.port);
    const call = client.request({ headers: ['x-long', long, 'x-longer', 'ü'.repeat(30_000)] });
    expect(await call.ended).toEqual({ kind: 'complete' });
    expect(call.headers!.header('x-back')).toBe(long);
  });

  test('pings are answered both ways', async () => {
    const server = await serve(echo);
    const client = await bench.connect(server.port);
    await client.request().ended;
    await new Promise<void>((resolve) => client.connection.ping(resolve));
    await new Promise<void>((resolve, reject) => {
      server.sessions[0]!.ping((error) => (error === null ? resolve() : reject(error)));
    });
  });

  test('going away waits for open streams', async () => {
    let gone = -1;
    const server = await serve((stream) => {
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 30);
      stream.session!.on('goaway', (code) => (gone = code));
    });
    const client = await bench.connect(server.port);
    const call = client.request();
    client.connection.goAway();
    expect(client.connection.room).toBe(0);
    expect(await call.ended).toEqual({ kind: 'complete' });
    await client.closed;
    await until(() => gone === ErrorCode.NO_ERROR);
    expect(client.told).toEqual(['retired', 'closed']);
  });

  test('destroying it fails open streams', async () => {
    const server = await serve(() => {});
    const client = await bench.connect(server.port);
    const call = client.request();
    client.connection.destroy();
    expect(call.ending).toMatchObject({ kind: 'failed', failure: { class: 'reset', code: 'CLOSED_EARLY' } });
    await client.closed;
    expect(client.told).toEqual(['closed']);
  });
});
