import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';

/** A server on a free port of 127.0.0.1 that counts connections and requests. */
export interface TestServer {
  readonly port: number;
  /** `http://127.0.0.1:…`; `https://localhost:…` with TLS. */
  readonly origin: string;
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Requests whose head arrived; raw servers do not count them. */
  readonly requests: number;
  /** Every socket so far. Byte counters stay readable after the end. */
  readonly sockets: readonly net.Socket[];
  /** Resolves when every connection has ended. */
  drained(): Promise<void>;
  /** Resets every connection. */
  reset(): void;
  close(): Promise<void>;
}

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export function serveHttp(handler: Handler, options: http.ServerOptions = {}): Promise<TestServer> {
  const server = http.createServer(options, handler);
  return listen(server, 'connection', 'http://127.0.0.1');
}

export function serveHttps(options: https.ServerOptions, handler: Handler): Promise<TestServer> {
  const server = https.createServer(options, handler);
  return listen(server, 'secureConnection', 'https://localhost');
}

/**
 * A WebSocket server of the `ws` library, `http:` or `https:`. `onConnection` receives each socket
 * after its handshake.
 */
export function serveWebSockets(
  onConnection: (socket: WebSocket, request: http.IncomingMessage) => void,
  { tls: identity, ...options }: ServerOptions & { tls?: https.ServerOptions } = {},
): Promise<TestServer> {
  const server = identity === undefined ? http.createServer() : https.createServer(identity);
  const sockets = new WebSocketServer({ ...options, server });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => {});
    onConnection(socket, request);
  });
  return identity === undefined
    ? listen(server, 'connection', 'http://127.0.0.1')
    : listen(server, 'secureConnection', 'https://localhost');
}

/** For responses that no HTTP library would send. */
export function serveRaw(onSocket: (socket: net.Socket) => void): Promise<TestServer> {
  const server = net.createServer((socket) => {
    socket.resume();
    onSocket(socket);
  });
  return listen(server, 'connection', 'http://127.0.0.1');
}

/** The same over TLS. */
export function serveSecure(
  options: tls.TlsOptions,
  onSocket: (socket: tls.TLSSocket) => void,
): Promise<TestServer> {
  const server = tls.createServer(options, (socket) => {
    socket.resume();
    onSocket(socket);
  });
  return listen(server, 'secureConnection', 'https://localhost');
}

/** A raw server that responds as soon as the request headers are complete. */
export function answerRaw(answer: (socket: net.Socket, head: string) => void): Promise<TestServer> {
  return serveRaw((socket) => {
    let seen = '';
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      const end = seen.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = seen.slice(0, end);
      seen = '';
      answer(socket, head);
    });
  });
}

/** A port without a listener. */
export async function closedPort(): Promise<number> {
  const server = await serveRaw(() => {});
  await server.close();
  return server.port;
}

/** Joins the pieces of a body. */
export async function bodyOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @param connectionEvent of the server, with the socket: defines what counts as a connection
 * @param origin without the port
 */
export async function listen(
  server: net.Server,
  connectionEvent: string,
  origin: string,
): Promise<TestServer> {
  const sockets: (net.Socket | tls.TLSSocket)[] = [];
  let requests = 0;
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
  });
  server.on(connectionEvent, (socket: net.Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  server.on('request', () => requests++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    origin: `${origin}:${port}`,
    sockets,
    get connections() {
      return sockets.length;
    },
    get requests() {
      return requests;
    },
    async drained() {
      await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
    reset() {
      for (const socket of open) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
