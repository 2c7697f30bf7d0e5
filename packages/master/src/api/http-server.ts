import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiProblem } from '@drumline/wire';
import { SECURITY_HEADERS } from './security-headers.js';

/** How long the control API waits for those who talk to it, milliseconds, and how much it listens to. */
export interface HttpLimits {
  /** For the head of a request, from the opening of its connection or its first byte. */
  readonly headersTimeoutMs: number;
  /** For the whole request. */
  readonly requestTimeoutMs: number;
  /** How often it looks for those who are late. */
  readonly checkEveryMs: number;
  /** On a connection on which nothing moves. */
  readonly silenceMs: number;
  /** Longest head of a request. */
  readonly headBytes: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  checkEveryMs: 1_000,
  silenceMs: 30_000,
  headBytes: 8 * 1024,
};

/**
 * A server that waits for nobody for long, puts the security headers on every answer, and answers
 * what is not HTTP, too.
 */
export function createHttpServer(handler: RequestListener, limits: HttpLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.headersTimeoutMs,
    maxHeaderSize: limits.headBytes,
  });
  server.setTimeout(limits.silenceMs);
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    handler(request, response);
  });
  return server;
}

/** Answers a request that could not be read, and closes its connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, problem] = unreadable(error.code);
  const body = JSON.stringify({ error: problem } satisfies ApiProblem);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Without waiting for the other side, which may hold the connection for ever.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

function unreadable(code: string | undefined): [status: number, problem: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'the request did not come to its end in time'];
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'the head of the request is too long'];
  return [400, 'that is not an HTTP/1.1 request'];
}
