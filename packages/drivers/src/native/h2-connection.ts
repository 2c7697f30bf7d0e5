import type { OpenedConnection } from '@drumline/model';
import type { Transport } from '../dial/transport.js';
import type { PingOptions } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import { H2Connection } from '../h2/connection.js';
import type { H2ConnectionEvents } from '../h2/contract.js';
import { createHeaderCache, type HeaderCache } from '../h2/header-receiver.js';
import type { BatchClock } from './clock.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import type { NativeExchange } from './exchange.js';
import { H2Carrier } from './h2-carrier.js';
import { KeepAlive } from './keep-alive.js';
import { RequestEncoder, RequestMemo } from './h2-request.js';
import { InvalidRequest } from './request-rules.js';

/** What the HTTP/2 connections of a lane share. */
export class H2Shared {
  readonly headerCache: HeaderCache = createHeaderCache();
  readonly encoder = new RequestEncoder();

  /** @param maxStreams exchanges on one connection at a time, at most */
  constructor(
    readonly clock: BatchClock,
    readonly maxStreams: number,
    readonly pings?: PingOptions,
  ) {}
}

/** An HTTP/2 connection that carries many exchanges at a time, each on a stream of its own. */
export class H2NativeConnection implements NativeConnection, H2ConnectionEvents {
  readonly serverIdleLimitMs = undefined;
  idleSinceMs: number;
  opening: OpenedConnection | undefined;
  readonly #h2: H2Connection;
  readonly #requests: RequestMemo;
  /** The first of those of which something is still to be handed to the socket. */
  #unsent: H2Carrier | undefined;
  readonly #keepAlive: KeepAlive | undefined;
  #retired = false;
  /** When the server was asked for a sign of life that has not come yet. */
  #probedAtMs = Infinity;

  /** Becomes the transport's receiver, and says the preface. */
  constructor(
    transport: Transport,
    private readonly owner: ConnectionOwner,
    private readonly shared: H2Shared,
  ) {
    const { clock, headerCache, maxStreams, pings } = shared;
    this.opening = transport.opened;
    this.idleSinceMs = clock.now();
    this.#requests = new RequestMemo(shared.encoder);
    this.#h2 = new H2Connection(transport, this, { headerCache, maxStreams, now: clock.now });
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
      // Who called must have returned before the exchange may end.
      queueMicrotask(() => exchange.fail(error.failure));
      return;
    }
    const carrier = new H2Carrier(exchange, this, this.shared.clock);
    const endStream = body === undefined || (body instanceof Uint8Array && body.length === 0);
    const stream = this.#h2.request(block, endStream, carrier);
    exchange.carriedBy(carrier);
    this.#watch(carrier);
    carrier.begin(stream, endStream ? undefined : body);
    if (!exchange.keepAlive) this.#h2.goAway();
  }

  destroy(failure: Failure): void {
    this.onRetired();
    this.#h2.destroy(failure);
  }

  /** For the carriers: one of them is done. @param atMs the instant */
  carried(atMs: number): void {
    if (this.#h2.openStreams === 0) this.idleSinceMs = atMs;
    this.onRoom();
  }

  /** For the carriers: the server has not looked at one. */
  returned(exchange: NativeExchange): void {
    this.owner.onReturned(this, exchange);
  }

  /** All that has come from the server, of whatever kind. */
  get bytesReceived(): number {
    return this.#h2.bytesReceived;
  }

  /**
   * For the carriers: one timed out, and nothing at all has come from the server since it was sent. A slow server answers a ping;
   * one that is gone without a word must not get further exchanges.
   */
  unheard(exchange: NativeExchange): void {
    if (exchange.sentAtMs! > this.#probedAtMs) {
      this.#h2.goAway();
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

  onRetired(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.owner.onRetired(this);
  }

  onClosed(): void {
    this.#keepAlive?.stop();
    this.onRetired();
    this.owner.onClosed(this);
  }

  #watch(carrier: H2Carrier): void {
    carrier.nextUnsent = this.#unsent;
    this.#unsent = carrier;
  }
}
