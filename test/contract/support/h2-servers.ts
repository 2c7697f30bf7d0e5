import { once } from 'node:events';
import http2 from 'node:http2';
import type net from 'node:net';
import tls from 'node:tls';

export interface H2ServerOptions {
  readonly cert?: string;
  readonly key?: string;
  /** Disables TLS. */
  readonly plain?: boolean;
  /** Answers HTTP/1.1 as well. */
  readonly allowHTTP1?: boolean;
  /** Uses TLS with only this protocol, and never answers. */
  readonly only?: string;
  /** Delay before each answer, milliseconds. */
  readonly delayMs?: number;
  readonly settings?: http2.Settings;
  /** Answers HTTP/2 streams instead of sending `ok`. */
  readonly answer?: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;
}

/** A server of node:http2 on a free port of localhost that answers `ok` and counts requests. */
export interface H2TestServer {
  readonly origin: string;
  readonly connections: number;
  readonly requests: number;
  /** Open connections. */
  readonly sockets: ReadonlySet<net.Socket>;
  /** The largest number of concurrent streams on one connection. */
  readonly mostStreams: number;
  /** Resets `mostStreams`. */
  forgetMost(): void;
  /** Sends GOAWAY on every connection. */
  sayGoodbye(): void;
  drained(): Promise<void>;
  close(): Promise<void>;
}

export async function serveH2(options: H2ServerOptions): Promise<H2TestServer> {
  const { plain = false, delayMs = 0, settings = {}, only } = options;
  const sessions = new Map<http2.ServerHttp2Session, number>();
  const sockets = new Set<net.Socket>();
  let [connections, requests, mostStreams] = [0, 0, 0];
  const server =
    only !== undefined
      ? tls.createServer({ ...options, ALPNProtocols: [only] })
      : plain
        ? http2.createServer({ settings })
        : http2.createSecureServer({ ...options, settings });
  server.on('connection', (socket: net.Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('session', (session: http2.ServerHttp2Session) => {
    sessions.set(session, 0);
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
    session.on('stream', (stream) => {
      const open = (sessions.get(session) ?? 0) + 1;
      sessions.set(session, open);
      mostStreams = Math.max(mostStreams, open);
      stream.on('error', () => {});
      stream.on('close', () => sessions.set(session, (sessions.get(session) ?? 1) - 1));
    });
  });
  server.on('request', (request: http2.Http2ServerRequest, reply: http2.Http2ServerResponse) => {
    requests++;
    reply.on('error', () => {});
    if (options.answer !== undefined && request.httpVersionMajor === 2) {
      options.answer(request.stream, request.headers);
      return;
    }
    setTimeout(() => reply.end('ok'), delayMs).unref();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    origin: plain ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    get connections() {
      return connections;
    },
    sockets,
    get requests() {
      return requests;
    },
    get mostStreams() {
      return mostStreams;
    },
    forgetMost() {
      mostStreams = 0;
    },
    sayGoodbye() {
      for (const session of sessions.keys()) session.goaway();
    },
    async drained() {
      await Promise.all([...sockets].map((socket) => once(socket, 'close')));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
