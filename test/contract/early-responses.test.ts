// Servers that answer after the head of a request and close without reading the body.
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { createNativeEngine, type BodyStream, type EngineOptions } from '@drumline/drivers';
import { describe, expect, test } from '@jest/globals';
import { get, response, text } from './http-engine/bench.js';
import { makeCertificate } from './support/certificates.js';
import { closeAfterEach } from './support/closing.js';
import { serveH2 } from './support/h2-servers.js';
import { promised } from './support/promised.js';

const closing = closeAfterEach();
const certificate = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
const BYTES = 20_000_000;

async function session(options: Partial<EngineOptions> = {}) {
  const tlsOptions = { ca: certificate.cert };
  const engine = promised(createNativeEngine({ now: () => performance.now(), tls: tlsOptions, ...options }));
  return (await closing(engine)).openSession();
}

/**
 * Answers the first bytes and closes with most of the request unread, so the kernel resets the
 * connection.
 */
async function refusing(answer: string, secure: boolean): Promise<string> {
  const onSocket = (socket: net.Socket): void => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.pause();
      socket.write(answer, () => socket.destroy());
    });
  };
  const server = secure ? tls.createServer(certificate, onSocket) : net.createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await closing({ close: async () => void server.close() });
  const { port } = server.address() as net.AddressInfo;
  return secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
}

const piece = Buffer.alloc(50_000, 'x');

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < BYTES; sent += piece.length) {
    yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const chunks = { [Symbol.asyncIterator]: pieces };
const BODIES: [string, () => Uint8Array | BodyStream][] = [
  ['a body in memory', () => Buffer.alloc(BYTES, 'x')],
  ['a streamed body', () => ({ chunks, lengthBytes: BYTES })],
  ['a streamed body in chunks', () => ({ chunks })],
];
const ANSWERS: [string, string][] = [
  ['with a length', 'content-length: 9\r\n\r\ntoo large'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n9\r\ntoo large\r\n0\r\n\r\n'],
  ['that ends with the connection', 'connection: close\r\n\r\ntoo large'],
];
const CASES = [false, true].flatMap((secure) =>
  BODIES.flatMap(([body, make]) =>
    ANSWERS.map(([answer, rest]) => [secure ? 'https' : 'http', body, answer, make, rest, secure] as const),
  ),
);

describe('a response to a request that the server does not read to the end', () => {
  test.each(CASES)('arrives: %s, %s, a response %s', async (_, _body, _answer, make, rest, secure) => {
    const origin = await refusing(`HTTP/1.1 413 Too Large\r\n${rest}`, secure);
    const user = await session({ version: '1.1' });
    for (let i = 0; i < 4; i++) {
      const result = await user.exchange(get(origin, { method: 'POST', body: make() })).done;
      expect([response(result).status, text(result)]).toEqual([413, 'too large']);
    }
  });

  test.each(BODIES)('arrives over HTTP/2: %s', async (_, make) => {
    const server = await closing(
      serveH2({
        ...certificate,
        answer: (stream) => {
          stream.respond({ ':status': 413 });
          stream.end('too large', () => setImmediate(() => server.sockets.forEach((one) => one.destroy())));
        },
      }),
    );
    for (let i = 0; i < 4; i++) {
      const user = await session();
      const result = await user.exchange(get(server.origin, { method: 'POST', body: make() })).done;
      expect([response(result).status, text(result)]).toEqual([413, 'too large']);
    }
  });

  test('stops the body', async () => {
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const one of pieces()) {
        taken += one.length;
        yield one;
      }
    }
    const origin = await refusing('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n', false);
    const body = { chunks: { [Symbol.asyncIterator]: counted } };
    const result = await (await session()).exchange(get(origin, { method: 'PUT', body })).done;
    expect(response(result).status).toBe(401);
    const before = taken;
    expect(before).toBeLessThan(BYTES);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken - before).toBeLessThanOrEqual(piece.length);
  });
});
