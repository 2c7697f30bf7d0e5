import { totalmem } from 'node:os';
import { Dealer } from 'zeromq';
import type { PortSecurity } from './port-order.js';

const LOOK_EVERY_MS = 50;
const MEBIBYTE = 1024 * 1024;
/**
 * Of the memory of the machine or the container, if that has a limit. Five thousand workers need
 * 200 MiB.
 */
const MEMORY = process.constrainedMemory() || totalmem();
/**
 * Beyond this the process is not worth keeping. Memory is what the process has beside what waits in
 * our own queues, as that has limits.
 */
const TOO_MUCH_BYTES = Math.min(1024 * MEBIBYTE, Math.max(256 * MEBIBYTE, MEMORY / 2));
/** Beyond this, peers are cut off. */
const MUCH_BYTES = TOO_MUCH_BYTES / 4;
/** Messages of one peer between two looks; no worker sends so many. */
const MANY_MESSAGES = 100;
/** Peers that are cut off at a time. */
const CUT_OFF_AT_ONCE = 8;
const CUT_OFF_WITHIN_MS = 2_000;

export interface FloodEvents {
  /** Bytes in our own queues. */
  queuedBytes(): number;
  /** A peer was cut off. */
  cutOff(): void;
  /** The memory is beyond any use, and no peer is to blame. */
  exhausted(megabytes: number): void;
}

/**
 * Cuts off peers that send faster than can be read: libzmq keeps what they send, without a limit.
 * It cannot close the connection of one peer, but gives the place of a peer to another one with the
 * same name, and drops all that waits of the old one; so the guard dials its own port in that name,
 * and goes.
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
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Notes a message of a peer. */
  read(peer: string): void {
    this.counts.set(peer, (this.counts.get(peer) ?? 0) + 1);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
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
    // One that cannot be cut off now is tried again at the next look.
    await Promise.all(peers.map((peer) => this.cutOff(peer).catch(() => {})));
    this.isBusy = false;
  }

  private async cutOff(peer: string): Promise<void> {
    // A name is bytes, of which the types do not know.
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

/** Nothing where it cannot be told, as when file descriptors have run out. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}
