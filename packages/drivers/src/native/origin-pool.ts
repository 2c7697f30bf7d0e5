import type { Dialling, Transport } from '../dial/transport.js';
import type { Failure } from '../engine/failure.js';
import {
  firstOf,
  includes,
  lastOf,
  lengthOf,
  membersOf,
  without,
  withMore,
  withoutFirst,
  type Few,
} from './few.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import type { NativeExchange } from './exchange.js';
import type { Origin } from './origin.js';

/** What a pool asks of its engine. */
export interface PoolHost {
  now(): number;
  dial(
    origin: Origin,
    timeoutMs: number,
    callbacks: { onOpen(transport: Transport): void; onFailed(failure: Failure): void },
  ): Dialling;
  /** Puts HTTP/1.1 or HTTP/2 on a transport, as was agreed. */
  connect(transport: Transport, origin: Origin, owner: ConnectionOwner): NativeConnection;
}

export interface PoolLimits {
  /** Connections, at most. */
  readonly connections: number;
  readonly idleTimeoutMs: number;
  /** Open further HTTP/2 connections before the streams of the first run out. */
  readonly spread: boolean;
}

interface PendingDial {
  /** Whose connection it is to be: it is told what the opening took. */
  readonly exchange: NativeExchange;
  dialling: Dialling | undefined;
}

/** A connection is not used any more this long before the server would close it. */
const IDLE_MARGIN_MS = 1_000;
/** How long a connection that the server is to close may take to be closed. */
const LINGER_MS = 1_000;

/** The connections of one user, or of all users of a lane, to one origin, and the exchanges that wait for them. */
export class OriginPool implements ConnectionOwner {
  /** All that are open, also those that take no more. */
  #open: Few<NativeConnection>;
  /** Those with room. */
  #ready: Few<NativeConnection>;
  #usable = 0;
  #waiting: Few<NativeExchange>;
  #dials: Few<PendingDial>;
  #closed: (() => void) | undefined;

  constructor(
    readonly origin: Origin,
    private readonly limits: PoolLimits,
    private readonly host: PoolHost,
  ) {}

  /** Sends it, or lets it wait. @param aboutMs the present instant, or a little before it */
  submit(exchange: NativeExchange, aboutMs: number): void {
    const connection = this.#take(aboutMs);
    if (connection === undefined) {
      if (exchange.returns === 0) exchange.beginsAt(this.host.now());
      this.#waiting = withMore(this.#waiting, exchange);
      this.#dialForWaiting();
    } else {
      exchange.takenAtOnce = true;
      this.#give(connection, exchange);
      if (this.limits.spread) this.#dialAhead(exchange);
    }
  }

  /** It ended before it was sent: it waits no more, and the connection that was being opened for it is not needed. */
  forget(exchange: NativeExchange): void {
    this.#waiting = without(this.#waiting, exchange);
    this.#cancelNeedless();
  }

  /** Closes what has been idle for too long, and what the server should have closed. @returns whether anything is left */
  sweep(nowMs: number): void {
    for (const connection of membersOf(this.#open)) {
      if (connection.busy > 0) continue;
      const limitMs = connection.room === 0 ? LINGER_MS : this.limits.idleTimeoutMs;
      if (nowMs - connection.idleSinceMs > limitMs) connection.destroy(IDLE);
    }
  }

  /** Ends everything. @returns when the last socket is closed */
  async close(failure: Failure): Promise<void> {
    const [dials, waiting] = [membersOf(this.#dials), membersOf(this.#waiting)];
    this.#dials = this.#waiting = undefined;
    for (const dial of dials) dial.dialling?.cancel();
    for (const exchange of waiting) exchange.fail(failure);
    for (const connection of membersOf(this.#open)) connection.destroy(failure);
    if (this.#open !== undefined) await new Promise<void>((resolve) => (this.#closed = resolve));
  }

  onRoom(connection: NativeConnection): void {
    while (this.#waiting !== undefined && connection.room > 0) this.#give(connection, this.#nextWaiting()!);
    if (connection.room > 0 && !includes(this.#ready, connection))
      this.#ready = withMore(this.#ready, connection);
    if (this.#dials !== undefined) this.#cancelNeedless();
  }

  onRetired(connection: NativeConnection): void {
    this.#usable -= 1;
    this.#ready = without(this.#ready, connection);
    if (this.#waiting !== undefined) this.#dialForWaiting();
  }

  onReturned(_: NativeConnection, exchange: NativeExchange): void {
    this.submit(exchange, this.host.now());
  }

  onClosed(connection: NativeConnection): void {
    this.#open = without(this.#open, connection);
    if (this.#open === undefined) this.#closed?.();
  }

  /** The connection with room that carries least; of equal ones the last used. */
  #take(atMs: number): NativeConnection | undefined {
    for (;;) {
      let best = lastOf(this.#ready);
      if (best === undefined) return undefined;
      if (best.busy > 0 && lengthOf(this.#ready) > 1)
        best = membersOf(this.#ready).reduce((a, b) => (b.busy < a.busy ? b : a));
      if (best.busy > 0 || !this.#isStale(best, atMs)) return best;
      best.destroy(IDLE);
      this.#ready = without(this.#ready, best);
    }
  }

  #isStale(connection: NativeConnection, atMs: number): boolean {
    const idleMs = atMs - connection.idleSinceMs;
    if (idleMs < IDLE_MARGIN_MS) return false;
    const server = connection.serverIdleLimitMs;
    return idleMs > this.limits.idleTimeoutMs || (server !== undefined && idleMs > server - IDLE_MARGIN_MS);
  }

  #give(connection: NativeConnection, exchange: NativeExchange): void {
    if (connection.opening !== undefined) {
      exchange.opened = connection.opening;
      connection.opening = undefined;
    }
    connection.carry(exchange);
    if (connection.room === 0) this.#ready = without(this.#ready, connection);
  }

  #dialForWaiting(): void {
    for (const exchange of membersOf(this.#waiting)) {
      if (lengthOf(this.#dials) >= this.#neededDials()) return;
      if (!membersOf(this.#dials).some((dial) => dial.exchange === exchange)) this.#dial(exchange);
    }
  }

  /** One connection for each that waits; until it is known to be HTTP/1.1, or if it is HTTP/2, one for all. Spread: one for each in flight. */
  #neededDials(): number {
    const waiting = lengthOf(this.#waiting);
    let wanted = this.origin.protocol === 'http/1.1' ? waiting : Math.min(1, waiting);
    if (this.limits.spread) {
      wanted = waiting - this.#usable;
      for (const connection of membersOf(this.#open)) wanted += connection.busy;
    }
    return Math.max(0, Math.min(this.limits.connections - this.#usable, wanted));
  }

  #dialAhead(exchange: NativeExchange): void {
    if (this.#usable >= this.limits.connections) return;
    for (let missing = this.#neededDials() - lengthOf(this.#dials); missing > 0; missing--)
      this.#dial(exchange);
  }

  #dial(exchange: NativeExchange): void {
    const dial: PendingDial = { exchange, dialling: undefined };
    this.#dials = withMore(this.#dials, dial);
    dial.dialling = this.host.dial(this.origin, exchange.limits.connectMs, {
      onOpen: (transport) => this.#opened(dial, transport),
      onFailed: (failure) => this.#failed(dial, failure),
    });
  }

  #opened(dial: PendingDial, transport: Transport): void {
    this.#dials = without(this.#dials, dial);
    const connection = this.host.connect(transport, this.origin, this);
    this.origin.protocol = transport.opened.protocol === 'h2' ? 'h2' : 'http/1.1';
    this.#open = withMore(this.#open, connection);
    this.#usable += 1;
    const first = this.#noLonger(dial.exchange) ? dial.exchange : this.#nextWaiting();
    if (first !== undefined) this.#give(connection, first);
    this.onRoom(connection);
    this.#dialForWaiting();
  }

  #failed(dial: PendingDial, failure: Failure): void {
    this.#dials = without(this.#dials, dial);
    if (this.origin.protocol !== 'http/1.1' && this.#usable === 0) {
      // All of them waited for this one connection.
      const waiting = membersOf(this.#waiting);
      this.#waiting = undefined;
      for (const exchange of waiting) exchange.fail(failure);
      return;
    }
    if (this.#noLonger(dial.exchange)) dial.exchange.fail(failure);
    this.#dialForWaiting();
  }

  /** Takes out who has waited longest. */
  #nextWaiting(): NativeExchange | undefined {
    const first = firstOf(this.#waiting);
    this.#waiting = withoutFirst(this.#waiting);
    return first;
  }

  /** Takes it out. @returns whether it waited */
  #noLonger(exchange: NativeExchange): boolean {
    const waited = includes(this.#waiting, exchange);
    if (waited) this.#waiting = without(this.#waiting, exchange);
    return waited;
  }

  #cancelNeedless(): void {
    if (this.limits.spread) return;
    const needed = this.#neededDials();
    while (lengthOf(this.#dials) > needed) {
      const dial =
        membersOf(this.#dials).find(({ exchange }) => !includes(this.#waiting, exchange)) ??
        lastOf(this.#dials)!;
      this.#dials = without(this.#dials, dial);
      dial.dialling?.cancel();
    }
  }
}

const IDLE: Failure = { class: 'aborted', code: 'IDLE', message: 'the connection was idle' };
