import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { API_ERRORS, type ApiErrorName } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire';
import type { TlsFiles } from './tls-files.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Timeouts (milliseconds) and size limits of the control API. */
export interface HttpLimits {
  /** For the request headers, from the opening of the connection or the first byte. */
  readonly headersTimeoutMs: number;
  /** For the whole request. */
  readonly requestTimeoutMs: number;
  /** How often the timeouts are checked. */
  readonly checkEveryMs: number;
  /** For a connection without traffic. */
  readonly silenceMs: number;
  /** Maximum size of the request headers. */
  readonly headBytes: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  checkEveryMs: 1_000,
  silenceMs: 30_000,
  headBytes: 8 * 1024,
};

/** Creates an HTTP server with timeouts. It puts the security headers on every response. */
export function createHttpServer(handler: RequestListener, limits: HttpLimits, tls?: TlsFiles): Server {
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.headersTimeoutMs,
    maxHeaderSize: limits.headBytes,
  };
  const server = tls
    ? createTlsServer({ ...options, ...tls.pair, handshakeTimeout: limits.headersTimeoutMs })
    : createServer(options);
  if (server instanceof TlsServer && tls) {
    const end = tls.follow((pair) => server.setSecureContext(pair));
    server.once('close', end);
  }
  server.setTimeout(limits.silenceMs);
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    handler(request, response);
  });
  return server;
}

/** Answers a request that could not be parsed, and closes its connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [code, problem] = unreadable(error.code);
  const { status } = API_ERRORS[code];
  const body = JSON.stringify({ error: problem, code } satisfies ApiProblem);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Do not wait for the peer to close: it may hold the connection forever.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

function unreadable(code: string | undefined): [code: ApiErrorName, problem: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-late', 'the request was not complete in time'];
  if (code === 'HPE_HEADER_OVERFLOW') return ['head-too-large', 'the request headers are too long'];
  return ['argument-invalid', 'the request is not valid HTTP/1.1'];
}
