import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const MOST = 512;
const FEWEST = 16;
/** Assumed where the system does not report the limit of open files. */
const USUAL_OPEN_FILES = 1_024;

/**
 * Limits the connections of the control API. At the limit, the least recently active connection is
 * closed, one that transfers nothing first. So idle connections cannot block new requests, and the
 * master keeps file descriptors for its workers.
 */
export class Connections {
  /** Ordered by last activity, the least recently active first. */
  readonly #quiet = new Set<Socket>();
  readonly #kept = new Set<Socket>();
  /** Those whose request or response goes on. */
  readonly #busy = new Set<Socket>();
  readonly #byPeer = new Map<string, Socket>();

  constructor(
    readonly max: number,
    private readonly onDropped: () => void,
  ) {}

  watch(server: Server): void {
    server.on('connection', (socket) => {
      this.#quiet.add(socket);
      const peer = peerOf(socket);
      this.#byPeer.set(peer, socket);
      socket.once('close', () => {
        this.#quiet.delete(socket);
        this.#kept.delete(socket);
        this.#byPeer.delete(peer);
      });
      if (this.#quiet.size + this.#kept.size > this.max) this.#dropQuietest();
    });
    server.on('request', (request, response) => {
      const socket = this.#connectionOf(request.socket);
      if (this.#quiet.delete(socket)) this.#quiet.add(socket);
      this.#busy.add(socket);
      response.once('close', () => this.#busy.delete(socket));
    });
  }

  /**
   * Protects a connection from being dropped. @returns false if protected connections already take
   * half of the limit
   */
  keep(socket: Socket): boolean {
    const connection = this.#connectionOf(socket);
    if (this.#kept.size >= this.max / 2) return false;
    if (this.#quiet.delete(connection)) this.#kept.add(connection);
    return true;
  }

  /** The TCP socket, also of a TLS socket over it. */
  #connectionOf(socket: Socket): Socket {
    return this.#byPeer.get(peerOf(socket)) ?? socket;
  }

  #dropQuietest(): void {
    const quiet = [...this.#quiet];
    const quietest = quiet.find((socket) => !this.#busy.has(socket)) ?? quiet[0];
    if (!quietest) return;
    this.#quiet.delete(quietest);
    quietest.destroy();
    this.onDropped();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** A quarter of the files that this process may open, between `FEWEST` and `MOST`. */
export function affordableConnections(): number {
  return Math.max(FEWEST, Math.min(MOST, Math.floor(openFilesLimit() / 4)));
}

function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? USUAL_OPEN_FILES : Number(soft);
  } catch {
    return USUAL_OPEN_FILES;
  }
}
