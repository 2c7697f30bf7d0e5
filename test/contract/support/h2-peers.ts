import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import type { Identity } from './certificates.js';

/** HTTP/2 servers on a free port of 127.0.0.1: one of Node's, and one that sends given frames. */

export interface StreamServer {
  readonly port: number;
  readonly sessions: readonly http2.ServerHttp2Session[];
  close(): Promise<void>;
}

export type StreamHandler = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

/** @param identity enables TLS; undefined means HTTP/2 with prior knowledge */
export async function serveStreams(
  onStream: StreamHandler,
  options: http2.ServerOptions & { readonly identity?: Identity } = {},
): Promise<StreamServer> {
  const { identity, ...rest } = options;
  const server =
    identity === undefined
      ? http2.createServer(rest)
      : http2.createSecureServer({ ...rest, cert: identity.cert, key: identity.key });
  const sessions: http2.ServerHttp2Session[] = [];
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    onStream(stream, headers);
  });
  return { port: await listen(server), sessions, close: () => close(server) };
}

/** A frame that the client sent. */
export interface ClientFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** One connection of a server that sends frames, valid or not. */
export class FramePeer {
  readonly frames: ClientFrame[] = [];
  #bytes = Buffer.alloc(0);
  #greeted = false;

  constructor(
    readonly socket: net.Socket,
    onFrame: (frame: ClientFrame, peer: FramePeer) => void,
  ) {
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      if (!this.#greeted) {
        if (this.#bytes.length < PREFACE_BYTES) return;
        this.#bytes = this.#bytes.subarray(PREFACE_BYTES);
        this.#greeted = true;
      }
      while (this.#bytes.length >= 9) {
        const end = 9 + this.#bytes.readUIntBE(0, 3);
        if (this.#bytes.length < end) return;
        const frame = {
          type: this.#bytes[3]!,
          flags: this.#bytes[4]!,
          streamId: this.#bytes.readUInt32BE(5),
          payload: Buffer.from(this.#bytes.subarray(9, end)),
        };
        this.#bytes = this.#bytes.subarray(end);
        this.frames.push(frame);
        onFrame(frame, this);
      }
    });
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The frames of a type, or those of one stream. */
  of(type: number, streamId?: number): ClientFrame[] {
    return this.frames.filter(
      (frame) => frame.type === type && (streamId === undefined || frame.streamId === streamId),
    );
  }
}

const PREFACE_BYTES = 24;

export interface FrameServer {
  readonly port: number;
  readonly peers: readonly FramePeer[];
  close(): Promise<void>;
}

/**
 * @param onFrame called for every frame
 * @param greeting sent at once. Default: empty SETTINGS
 */
export async function serveFrames(
  onFrame: (frame: ClientFrame, peer: FramePeer) => void,
  greeting: Buffer = rawFrame(4, 0, 0, ''),
): Promise<FrameServer> {
  const peers: FramePeer[] = [];
  const server = net.createServer((socket) => {
    peers.push(new FramePeer(socket, onFrame));
    socket.write(greeting);
  });
  return { port: await listen(server), peers, close: () => close(server) };
}

/** @param payload bytes, or their hexadecimal text */
export function rawFrame(type: number, flags: number, streamId: number, payload: string | Buffer): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload.replaceAll(' ', ''), 'hex') : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, bytes]);
}

const open = new WeakMap<net.Server, Set<net.Socket>>();

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  open.set(server, sockets);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('secureConnection', (socket: net.Socket) => void socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

async function close(server: net.Server): Promise<void> {
  for (const socket of open.get(server)!) socket.destroy();
  server.close();
  await once(server, 'close');
}
