import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** More than any crowd of clients needs. */
const MOST = 512;
const FEWEST = 16;
/** Where the system does not say how many files a process may have open. */
const USUAL_OPEN_FILES = 1_024;

/**
 * The connections of the control API, never more than `max`: one too many costs the one that has been quiet for the longest time its place. So
 * whoever asks something gets an answer, however many hold connections and ask nothing, and the master keeps its file descriptors for
 * its workers.
 */
export class Connections {
  /** The one whose last request, or opening, is the longest ago comes first. */
  readonly #quiet = new Set<Socket>();
  readonly #kept = new Set<Socket>();

  constructor(
    readonly max: number,
    private readonly onDropped: () => void,
  ) {}

  watch(server: Server): void {
    server.on('connection', (socket) => {
      this.#quiet.add(socket);
      socket.once('close', () => {
        this.#quiet.delete(socket);
        this.#kept.delete(socket);
      });
      if (this.#quiet.size + this.#kept.size > this.max) this.#dropQuietest();
    });
    server.on('request', ({ socket }) => {
      if (this.#quiet.delete(socket)) this.#quiet.add(socket);
    });
  }

  /** Keeps a connection its place until it closes. @returns false if half of all places are taken by such ones */
  keep(socket: Socket): boolean {
    if (this.#kept.size >= this.max / 2) return false;
    if (this.#quiet.delete(socket)) this.#kept.add(socket);
    return true;
  }

  #dropQuietest(): void {
    const [quietest] = this.#quiet;
    if (!quietest) return;
    this.#quiet.delete(quietest);
    quietest.destroy();
    this.onDropped();
  }
}

/** A quarter of the files that this process may have open, within reason. */
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
