import { setImmediate, setTimeout } from 'node:timers/promises';
import { Context, Router } from 'zeromq';
import { MAX_WORKER_FRAME_BYTES } from '../limits.js';
import { PeerTurns } from '../peer-turns.js';
import type { PortOrder, PortSecurity } from './port-order.js';
import { HANDSHAKE_WITHIN_MS, RefusedPeers } from './refused-peers.js';
import { guardContext } from './zap.js';

/** Events of the master's port. */
export interface PortEvents {
  /** A message of one part arrived. Reading never pauses, so the receiver must drop any excess. */
  frame(peer: string, frame: Buffer): void;
  /** A message of several parts arrived. */
  parts(count: number): void;
  /** A connection was rejected. */
  refused(): void;
}

/** Messages that libzmq queues for one peer. Further ones wait in its `Outbox`. */
const WAITING_FOR_PEER = 128;
/** The longest time to read before timers run. */
const TURN_MS = 20;

/** The master's port: a ZeroMQ router that never stops reading. */
export class RouterPort {
  private readonly turns = new PeerTurns();
  /** Whether a read is waiting for the next message. */
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

  /**
   * Binds the port.
   * @throws Error if the port is in use, or the address does not belong to this machine
   */
  static async bind({ address, security }: PortOrder, events: PortEvents): Promise<RouterPort> {
    const secured = security && (await securityOf(security));
    const router = new Router({
      // A reconnecting worker replaces its old connection at once, even if that seems alive.
      handover: true,
      ipv6: address.includes('['),
      linger: 1_000,
      backlog: 8_192,
      // Sending fails at once if the peer's queue is full or the peer is disconnected.
      mandatory: true,
      sendTimeout: 0,
      sendHighWaterMark: WAITING_FOR_PEER,
      // No limit, and no ZMTP heartbeats. With a limit, the socket stops reading when its queue is
      // full. If the peer then resets the connection after a PING, libzmq aborts the process
      // (libzmq issues 3937 and 4841). `WaitingFrames` and `FloodGuard` have the limits.
      receiveHighWaterMark: 0,
      // Peers that announce a longer message are disconnected before it is read.
      maxMessageSize: MAX_WORKER_FRAME_BYTES,
      handshakeInterval: HANDSHAKE_WITHIN_MS,
      ...secured?.options,
    });
    await bindWithRetries(router, address);
    return new RouterPort(router, router.lastEndpoint ?? address, secured?.guard, events);
  }

  /** @throws Error `EAGAIN` if the peer's queue is full, `EHOSTUNREACH` if it is disconnected */
  send(parts: [Buffer, Uint8Array]): Promise<void> {
    return this.router.send(parts);
  }

  /** The time, by `performance.now`, up to which every peer with messages has been read. */
  get readUpToMs(): number {
    if (this.isReceiving) this.turns.caughtUp();
    return performance.now() - this.turns.behindMs;
  }

  close(): void {
    this.refusedPeers.close();
    this.router.close();
    this.guard?.close();
  }

  /** ZeroMQ reads from its peers in turn, so that a busy peer delays others by one message each. */
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

/** Socket options that accept only workers with the token of a key. */
async function securityOf({ server, workersPublicKey }: PortSecurity) {
  const context = new Context();
  const guard = await guardContext(context, Buffer.from(workersPublicKey, 'hex'));
  return { options: { context, zapDomain: 'drumline', ...server }, guard };
}

/** Binds with retries: ZeroMQ releases a port a moment after its socket is closed. */
async function bindWithRetries(router: Router, address: string): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      return await router.bind(address);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await setTimeout(50);
    }
  }
}
