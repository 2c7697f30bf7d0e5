import type { OpenedConnection } from '@drumline/model';
import type { Transport } from '../dial/transport.js';
import type { PingOptions } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import { IDLE_FROM_MS } from '../engine/idle-limit.js';
import { H2Connection } from '../h2/connection.js';
import type { H2ConnectionEvents } from '../h2/contract.js';
import { createHeaderCache, type HeaderCache } from '../h2/header-receiver.js';
import type { BatchClock } from './clock.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import type { NativeExchange } from './exchange.js';
import { H2Carrier, type CarrierOwner } from './h2-carrier.js';
import { RequestEncoder, RequestMemo } from './h2-request.js';
import { KeepAlive } from './keep-alive.js';
import { InvalidRequest } from './request-rules.js';

/** Shared by the HTTP/2 connections of a lane. */
export class H2Shared {
  readonly headerCache: HeaderCache = createHeaderCache();
  readonly encoder = new RequestEncoder();

  /**
   * @param maxStreams maximum number of concurrent exchanges on a connection
   * @param strict whether to reject whitespace around header values
   */
  constructor(
    readonly clock: BatchClock,
    readonly maxStreams: number,
    readonly strict: boolean,
    readonly pings?: PingOptions,
  ) {}
}

/** An HTTP/2 connection. Carries concurrent exchanges, each on its own stream. */
export class H2NativeConnection implements NativeConnection, H2ConnectionEvents, CarrierOwner {
  readonly protocol = 'h2';
  readonly serverIdleLimitMs = undefined;
  idleSinceMs: number;
  readonly lingersSinceMs = 0;
  opening: OpenedConnection | undefined;
  readonly #h2: H2Connection;
  readonly #requests: RequestMemo;
  /** First of the exchanges that are not completely handed to the socket. */
  #unsent: H2Carrier | undefined;
  readonly #keepAlive: KeepAlive | undefined;
  #retired = false;
  /** Whether this side closes the connection. */
  #leaves = false;
  /** Idle time before the request that is not answered yet. 0: it is in use. */
  #idleMs = 0;
  hasAnswered = false;
  /** When a PING was sent that is not answered yet. */
  #probedAtMs = Infinity;

  /** Becomes the transport's receiver and sends the preface. */
  constructor(
    transport: Transport,
    private readonly owner: ConnectionOwner,
    private readonly shared: H2Shared,
  ) {
    const { clock, headerCache, maxStreams, strict, pings } = shared;
    this.opening = transport.opened;
    this.idleSinceMs = clock.now();
    this.#requests = new RequestMemo(shared.encoder);
    this.#h2 = new H2Connection(transport, this, { headerCache, maxStreams, strict, now: clock.now });
    if (pings !== undefined) {
      this.#keepAlive = new KeepAlive(pings, this.#h2, (failure) => this.destroy(failure));
    }
  }

  get room(): number {
    return this.#h2.room;
  }

  get busy(): number {
    return this.#h2.openStreams;
  }

  carry(exchange: NativeExchange): void {
    const { body } = exchange.request;
    let block;
    try {
      block = this.#requests.encode(exchange.request);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      // The caller must return before the exchange may end.
      queueMicrotask(() => exchange.fail(error.failure));
      return;
    }
    const carrier = new H2Carrier(exchange, this, this.shared.clock);
    if (this.busy === 0) this.#rested(exchange.startedAtMs - this.idleSinceMs);
    const endStream = body === undefined || (body instanceof Uint8Array && body.length === 0);
    const stream = this.#h2.request(block, endStream, carrier);
    exchange.carriedBy(carrier);
    this.#watch(carrier);
    carrier.begin(stream, endStream ? undefined : body);
    if (!exchange.keepAlive) this.retire();
  }

  retire(): void {
    this.#leaves = true;
    this.#h2.goAway();
  }

  destroy(failure: Failure): void {
    this.#leaves = true;
    this.onRetired();
    this.#h2.destroy(failure);
  }

  carried(atMs: number): void {
    if (this.#h2.openStreams === 0) this.idleSinceMs = atMs;
    this.onRoom();
  }

  returned(exchange: NativeExchange): void {
    this.owner.onReturned(this, exchange);
  }

  resend(exchange: NativeExchange): void {
    this.owner.onResend(this, exchange);
  }

  answered(): void {
    this.hasAnswered = true;
    if (this.#idleMs === 0) return;
    this.owner.onIdleSurvived(this.#idleMs);
    this.#idleMs = 0;
  }

  closedAfterRest(): boolean {
    if (this.#idleMs === 0) return false;
    this.owner.onIdleClosed(this.#idleMs);
    return true;
  }

  http11Required(): boolean {
    return this.owner.onHttp11Required();
  }

  get bytesReceived(): number {
    return this.#h2.bytesReceived;
  }

  /**
   * A slow server answers a PING. A server that disappeared silently must not receive further
   * exchanges.
   */
  unheard(exchange: NativeExchange): void {
    if (exchange.sentAtMs! > this.#probedAtMs) {
      this.retire();
    } else if (this.#probedAtMs === Infinity) {
      this.#probedAtMs = exchange.endedAtMs;
      this.#h2.ping(() => (this.#probedAtMs = Infinity));
    }
  }

  onHandedOver(atMs: number): void {
    let carrier = this.#unsent;
    if (carrier === undefined) return;
    this.#unsent = undefined;
    while (carrier !== undefined) {
      const { nextUnsent }: H2Carrier = carrier;
      if (!carrier.handedOver(atMs)) this.#watch(carrier);
      carrier = nextUnsent;
    }
  }

  onRoom(): void {
    if (this.room > 0) this.owner.onRoom(this);
  }

  onEnd(): void {
    let unsent = 0;
    for (let carrier = this.#unsent; carrier !== undefined; carrier = carrier.nextUnsent)
      if (carrier.isUnsent) unsent += 1;
    // Nothing was sent, so the requests go to another connection.
    if (unsent === this.busy) this.#h2.destroy();
  }

  onHttp11Required(): void {
    this.owner.onHttp11Required();
  }

  onRetired(): void {
    if (this.#retired) return;
    this.#retired = true;
    if (!this.#leaves && this.busy === 0)
      this.owner.onIdleClosed(Math.floor(this.shared.clock.now() - this.idleSinceMs));
    this.owner.onRetired(this);
  }

  onClosed(): void {
    this.#keepAlive?.stop();
    this.onRetired();
    this.owner.onClosed(this);
  }

  #rested(idleMs: number): void {
    this.#idleMs = idleMs < IDLE_FROM_MS ? 0 : Math.floor(idleMs);
    if (this.#idleMs > 0) this.#h2.readFirst();
  }

  #watch(carrier: H2Carrier): void {
    carrier.nextUnsent = this.#unsent;
    this.#unsent = carrier;
  }
}
