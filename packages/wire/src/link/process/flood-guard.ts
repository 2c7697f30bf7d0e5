import { totalmem } from 'node:os';
import { Dealer } from 'zeromq';
import type { PortSecurity } from './port-order.js';

const CHECK_EVERY_MS = 50;
const MEBIBYTE = 1024 * 1024;
/** Memory of the machine or of the container. Five thousand workers need 200 MiB. */
const MEMORY = process.constrainedMemory() || totalmem();
/** Above this, the process is restarted. Memory of our own queues is excluded: it is limited. */
const TOO_MUCH_BYTES = Math.min(1024 * MEBIBYTE, Math.max(256 * MEBIBYTE, MEMORY / 2));
/** Above this, flooding peers are disconnected. */
const MUCH_BYTES = TOO_MUCH_BYTES / 4;
/** Messages from one peer between two checks. No worker sends this many. */
const MANY_MESSAGES = 100;
/** Peers that are disconnected at a time. */
const CUT_OFF_AT_ONCE = 8;
const CUT_OFF_WITHIN_MS = 2_000;

/** Events of `FloodGuard`. */
export interface FloodEvents {
  /** Bytes in our own queues. */
  queuedBytes(): number;
  /** A peer was disconnected. */
  cutOff(): void;
  /** The memory limit is exceeded. */
  exhausted(megabytes: number): void;
}

/**
 * Disconnects peers that send faster than their frames are read, because libzmq queues frames
 * without a limit. libzmq cannot close the connection of one peer. But a new peer with the same
 * name replaces the old one and its queue. So the guard connects to its own port under that name,
 * and disconnects.
 */
export class FloodGuard {
  private counts = new Map<string, number>();
  private isBusy = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly address: string,
    private readonly security: PortSecurity | null,
    private readonly events: FloodEvents,
  ) {
    this.timer = setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  /** Counts a message from a peer. */
  read(peer: string): void {
    this.counts.set(peer, (this.counts.get(peer) ?? 0) + 1);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const { counts } = this;
    this.counts = new Map();
    const bytes = residentBytes() - this.events.queuedBytes();
    if (bytes < MUCH_BYTES) return;
    if (bytes > TOO_MUCH_BYTES) return this.events.exhausted(Math.round(bytes / MEBIBYTE));
    if (this.isBusy) return;
    const flooding = [...counts].filter(([, count]) => count > MANY_MESSAGES);
    flooding.sort(([, a], [, b]) => b - a);
    void this.cutOffAll(flooding.slice(0, CUT_OFF_AT_ONCE).map(([peer]) => peer));
  }

  private async cutOffAll(peers: readonly string[]): Promise<void> {
    this.isBusy = true;
    // A peer that cannot be disconnected now is tried again at the next check.
    await Promise.all(peers.map((peer) => this.cutOff(peer).catch(() => {})));
    this.isBusy = false;
  }

  private async cutOff(peer: string): Promise<void> {
    // The types do not allow bytes, although names are bytes.
    const routingId = Buffer.from(peer, 'latin1') as unknown as string;
    const successor = new Dealer({ routingId, linger: 0, ...this.security?.client });
    const timer = setTimeout(() => successor.close(), CUT_OFF_WITHIN_MS);
    successor.connect(this.address);
    for await (const { type } of successor.events) {
      if (type === 'handshake') this.events.cutOff();
      if (type === 'handshake' || type === 'end') break;
    }
    clearTimeout(timer);
    successor.close();
  }
}

/** Resident memory in bytes; 0 if unavailable, for example if no file descriptor is free. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}
