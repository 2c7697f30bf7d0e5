import { setImmediate, setTimeout } from 'node:timers/promises';
import { Context, Router } from 'zeromq';
import { MAX_WORKER_FRAME_BYTES } from '../limits.js';
import { PeerTurns } from '../peer-turns.js';
import type { PortOrder, PortSecurity } from './port-order.js';
import { HANDSHAKE_WITHIN_MS, RefusedPeers } from './refused-peers.js';
import { guardContext } from './zap.js';

export interface PortEvents {
  /** A message of one part came. Called without pause: what cannot be kept must be dropped. */
  frame(peer: string, frame: Buffer): void;
  /** A message in several parts came. */
  parts(count: number): void;
  /** A connection was not let in. */
  refused(): void;
}

/** Messages that libzmq keeps for one peer; further ones wait in its `Outbox`. */
const WAITING_FOR_PEER = 128;
/** However much there is to read, timers get a turn this often. */
const TURN_MS = 20;

/** The master's port: a Router that never stops reading. */
export class RouterPort {
  private readonly turns = new PeerTurns();
  /** Whether the last read found nothing, and the next message is awaited. */
  private isReceiving = false;
  private readonly refusedPeers: RefusedPeers;

  private constructor(
    private readonly router: Router,
    readonly address: string,
    private readonly guard: { close(): void } | undefined,
    private readonly events: PortEvents,
  ) {
    this.refusedPeers = new RefusedPeers(router, () => events.refused());
    void this.receiveAll();
  }

  /** Binds the port. Rejects if it is taken, or the address is not of this machine. */
  static async bind({ address, security }: PortOrder, events: PortEvents): Promise<RouterPort> {
    const secured = security && (await securityOf(security));
    const router = new Router({
      // A worker that reconnects takes its old place at once, also while the old connection seems
      // alive.
      handover: true,
      ipv6: address.includes('['),
      linger: 1_000,
      backlog: 8_192,
      // Sending fails at once if the peer's queue is full or the peer is gone.
      mandatory: true,
      sendTimeout: 0,
      sendHighWaterMark: WAITING_FOR_PEER,
      // No limit, and no ZMTP heartbeats: a socket that stops reading because its queue is full
      // aborts the process when the peer resets the connection behind a PING (libzmq issues 3937
      // and 4841). `WaitingFrames` and `FloodGuard` have the limits.
      receiveHighWaterMark: 0,
      // Who announces more is cut off before a byte of it is kept.
      maxMessageSize: MAX_WORKER_FRAME_BYTES,
      handshakeInterval: HANDSHAKE_WITHIN_MS,
      ...secured?.options,
    });
    await bindPatiently(router, address);
    return new RouterPort(router, router.lastEndpoint ?? address, secured?.guard, events);
  }

  /**
   * @returns a promise that rejects with `EAGAIN` if the peer's queue is full, and `EHOSTUNREACH`
   * if the peer is gone
   */
  send(parts: [Buffer, Uint8Array]): Promise<void> {
    return this.router.send(parts);
  }

  /**
   * The instant up to which everything that had arrived has been read from every peer, by
   * `performance.now`.
   */
  get readUpToMs(): number {
    if (this.isReceiving) this.turns.caughtUp();
    return performance.now() - this.turns.behindMs;
  }

  close(): void {
    this.refusedPeers.close();
    this.router.close();
    this.guard?.close();
  }

  /**
   * ZeroMQ takes from its peers in turn, so that one that talks without end delays the others by a
   * message each.
   */
  private async receiveAll(): Promise<void> {
    let turnEndsMs = performance.now() + TURN_MS;
    for (;;) {
      this.isReceiving = true;
      const parts = await this.router.receive().catch(() => undefined);
      this.isReceiving = false;
      if (!parts) return;
      this.take(parts);
      if (performance.now() < turnEndsMs) continue;
      await setImmediate();
      turnEndsMs = performance.now() + TURN_MS;
    }
  }

  private take([id, frame, ...more]: Buffer[]): void {
    const peer = id!.toString('latin1');
    this.turns.took(peer);
    if (frame && more.length === 0) this.events.frame(peer, frame);
    else this.events.parts(1 + more.length);
  }
}

/** What makes a socket let in only workers with the token of a key. */
async function securityOf({ server, workersPublicKey }: PortSecurity) {
  const context = new Context();
  const guard = await guardContext(context, Buffer.from(workersPublicKey, 'hex'));
  return { options: { context, zapDomain: 'drumline', ...server }, guard };
}

/**
 * ZeroMQ lets go of a port a moment after its socket is closed: a port that is bound anew must not
 * be found taken.
 */
async function bindPatiently(router: Router, address: string): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      return await router.bind(address);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await setTimeout(50);
    }
  }
}
