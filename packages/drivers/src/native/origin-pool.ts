import type { Dialling, Transport } from '../dial/transport.js';
import type { Failure } from '../engine/failure.js';
import {
  firstOf,
  includes,
  lastOf,
  lengthOf,
  membersOf,
  without,
  withAdded,
  withoutFirst,
  type CompactList,
} from './compact-list.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import type { NativeExchange } from './exchange.js';
import { IDLE_FROM_MS, usableMs } from '../engine/idle-limit.js';
import type { Origin } from './origin.js';

/** The engine functions that a pool needs. */
export interface PoolHost {
  now(): number;
  dial(
    origin: Origin,
    timeoutMs: number,
    callbacks: { onOpen(transport: Transport): void; onFailed(failure: Failure): void },
  ): Dialling;
  /** Whether HTTP/1.1 may be used if the server prefers HTTP/2. */
  allowsHttp11(origin: Origin): boolean;
  /** Starts HTTP/1.1 or HTTP/2 on a transport, as negotiated. */
  connect(transport: Transport, origin: Origin, owner: ConnectionOwner): NativeConnection;
}

export interface PoolLimits {
  /** Maximum number of connections. */
  readonly connections: number;
  readonly idleTimeoutMs: number;
  /** Opens further HTTP/2 connections before the streams of the first run out. */
  readonly spread: boolean;
}

interface PendingDial {
  /** The exchange that opened the connection and reports its opening. */
  readonly exchange: NativeExchange;
  dialling: Dialling | undefined;
}

/**
 * How long a retired connection may wait for the server to close it. Longer than the margin before
 * the server's limit.
 */
const LINGER_MS = 1_500;
/** How long not to try HTTP/2 again with an origin that rejected it. */
const HTTP11_FOR_MS = 10 * 60_000;

/**
 * Connections of one user, or of all users of a lane, to one origin, and the exchanges that wait
 * for them.
 */
export class OriginPool implements ConnectionOwner {
  /** All open connections, including retired ones. */
  #open: CompactList<NativeConnection>;
  /** Connections with room. */
  #ready: CompactList<NativeConnection>;
  #usable = 0;
  #waiting: CompactList<NativeExchange>;
  #dials: CompactList<PendingDial>;
  #closed: (() => void) | undefined;

  constructor(
    readonly origin: Origin,
    private readonly limits: PoolLimits,
    private readonly host: PoolHost,
  ) {}

  /**
   * Sends an exchange or queues it.
   * @param aboutMs the present instant, or slightly earlier
   */
  submit(exchange: NativeExchange, aboutMs: number): void {
    // An exchange that met a dying connection needs a new one, or one that has just answered.
    const connection = exchange.resent ? undefined : this.#take(aboutMs);
    if (connection === undefined) {
      if (exchange.returns === 0) exchange.beginsAt(this.host.now());
      this.#waiting = withAdded(this.#waiting, exchange);
      this.#dialForWaiting();
    } else {
      exchange.takenAtOnce = true;
      this.#give(connection, exchange);
      if (this.limits.spread) this.#dialAhead(exchange);
    }
  }

  /**
   * Removes an exchange that ended before it was sent, and drops the connection being opened for
   * it.
   */
  forget(exchange: NativeExchange): void {
    this.#waiting = without(this.#waiting, exchange);
    this.#cancelNeedless();
  }

  /**
   * Closes connections that were idle for too long, and those that the server should have closed.
   */
  sweep(nowMs: number): void {
    for (const connection of membersOf(this.#open)) {
      if (connection.busy > 0) continue;
      const idleMs = nowMs - connection.idleSinceMs;
      if (connection.room > 0) {
        if (idleMs > this.limits.idleTimeoutMs) connection.destroy(IDLE);
      } else if (nowMs - connection.lingersSinceMs > LINGER_MS) {
        // The server keeps idle connections longer than expected.
        if (connection.lingersSinceMs > connection.idleSinceMs) this.onIdleClosed(idleMs);
        connection.destroy(IDLE);
      }
    }
  }

  /** Whether it has neither connections nor exchanges. */
  get isEmpty(): boolean {
    return this.#open === undefined && this.#dials === undefined && this.#waiting === undefined;
  }

  /**
   * Ends all exchanges and connections.
   * @returns when the last socket is closed
   */
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
      this.#ready = withAdded(this.#ready, connection);
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

  onResend(_: NativeConnection, exchange: NativeExchange): void {
    this.submit(exchange, this.host.now());
  }

  onHttp11Required(): boolean {
    if (!this.host.allowsHttp11(this.origin)) return false;
    this.origin.http11UntilMs = this.host.now() + HTTP11_FOR_MS;
    this.origin.protocol = 'http/1.1';
    for (const connection of membersOf(this.#open)) if (connection.protocol === 'h2') connection.retire();
    return true;
  }

  onIdleClosed(idleMs: number): void {
    this.origin.idleLimit.closed(idleMs, this.host.now());
  }

  onIdleSurvived(idleMs: number): void {
    this.origin.idleLimit.survived(idleMs, this.host.now());
  }

  onClosed(connection: NativeConnection): void {
    this.#open = without(this.#open, connection);
    if (this.#open === undefined) this.#closed?.();
  }

  /** The connection with room and the fewest exchanges. Among equals, the last used. */
  #take(atMs: number): NativeConnection | undefined {
    for (;;) {
      let best = lastOf(this.#ready);
      if (best === undefined) return undefined;
      if (best.busy > 0 && lengthOf(this.#ready) > 1)
        best = membersOf(this.#ready).reduce((a, b) => (b.busy < a.busy ? b : a));
      const idleMs = atMs - best.idleSinceMs;
      if (best.busy > 0 || idleMs < IDLE_FROM_MS) return best;
      if (idleMs > this.limits.idleTimeoutMs) best.destroy(IDLE);
      else if (this.#outlives(best, idleMs)) return best;
      // The server closes it soon. The side that closes first keeps the port busy for a minute.
      else best.retire();
      this.#ready = without(this.#ready, best);
    }
  }

  /** Whether the server is expected to keep it open for another request. */
  #outlives({ serverIdleLimitMs }: NativeConnection, idleMs: number): boolean {
    if (serverIdleLimitMs !== undefined && idleMs > usableMs(serverIdleLimitMs)) return false;
    return idleMs <= this.origin.idleLimit.usableMs(this.host.now());
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

  /**
   * One connection per waiting exchange. While the protocol is unknown, or if it is HTTP/2, one for
   * all. Spread: one for each exchange in flight.
   */
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
    this.#dials = withAdded(this.#dials, dial);
    dial.dialling = this.host.dial(this.origin, exchange.limits.connectMs, {
      onOpen: (transport) => this.#opened(dial, transport),
      onFailed: (failure) => this.#failed(dial, failure),
    });
  }

  #opened(dial: PendingDial, transport: Transport): void {
    this.#dials = without(this.#dials, dial);
    const connection = this.host.connect(transport, this.origin, this);
    this.origin.protocol = transport.opened.protocol === 'h2' ? 'h2' : 'http/1.1';
    this.#open = withAdded(this.#open, connection);
    this.#usable += 1;
    const first = this.#noLonger(dial.exchange) ? dial.exchange : this.#nextWaiting();
    if (first !== undefined) this.#give(connection, first);
    this.onRoom(connection);
    this.#dialForWaiting();
  }

  #failed(dial: PendingDial, failure: Failure): void {
    this.#dials = without(this.#dials, dial);
    if (this.origin.protocol !== 'http/1.1' && this.#usable === 0) {
      // All of them waited for this connection.
      const waiting = membersOf(this.#waiting);
      this.#waiting = undefined;
      for (const exchange of waiting) exchange.fail(failure);
      return;
    }
    if (this.#noLonger(dial.exchange)) dial.exchange.fail(failure);
    this.#dialForWaiting();
  }

  /** Takes the exchange that has waited longest. */
  #nextWaiting(): NativeExchange | undefined {
    const first = firstOf(this.#waiting);
    this.#waiting = withoutFirst(this.#waiting);
    return first;
  }

  /**
   * Removes it from the queue.
   * @returns whether it was waiting
   */
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
