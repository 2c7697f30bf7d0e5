import {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_TIMEOUTS,
  type EngineRequest,
  type EngineSession,
  type Exchange,
  type ExchangeHandler,
  type SessionOptions,
  type Timeouts,
} from '../engine/contract.js';
import { aborted } from '../engine/failure.js';
import { membersOf, without, withAdded, type CompactList } from './compact-list.js';
import { NativeExchange, type ExchangeOwner } from './exchange.js';
import type { Origin } from './origin.js';
import { OriginPool, type PoolHost, type PoolLimits } from './origin-pool.js';
import type { Sweeper } from './sweeper.js';

/** The engine functions that a session needs. */
export interface SessionHost extends PoolHost {
  readonly sweeper: Sweeper;
  /** @throws TypeError if the text is not an origin */
  origin(text: string): Origin;
  /** Whether all users share connections. */
  readonly shares: boolean;
  /** The pool that all users share. Undefined if each has its own. */
  sharedPool(origin: Origin): OriginPool | undefined;
  closed(session: NativeSession): void;
  /** The present instant, or slightly earlier. */
  aboutMs(): number;
}

/** Above this number, empty pools are dropped: a target may redirect to any number of origins. */
export const KEPT_EMPTY_POOLS = 16;

const SESSION_CLOSED = aborted('the session was closed');

/** Settings derived from session options. Users of one type share them. */
export interface SessionSettings {
  readonly timeouts: Timeouts;
  readonly limits: PoolLimits;
  readonly keepAlive: boolean;
}

export function settingsOf(options: SessionOptions): SessionSettings {
  const { timeouts, maxConnections, idleTimeoutMs, keepAlive } = options;
  return {
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
    limits: {
      connections: maxConnections ?? DEFAULT_MAX_CONNECTIONS,
      idleTimeoutMs: idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
      spread: false,
    },
    keepAlive: keepAlive !== false,
  };
}

/** One user's exchanges, and the pools that carry them. */
export class NativeSession implements EngineSession, ExchangeOwner {
  #own: CompactList<OriginPool>;
  /** Exchanges in flight on shared connections. */
  #onShared: Set<NativeExchange> | undefined;
  /** The last frozen timeouts of a request, and their merge with the session's. */
  #lastTimeouts: Partial<Timeouts> | undefined;
  #lastLimits: Timeouts = DEFAULT_TIMEOUTS;
  #text: string | undefined;
  #pool: OriginPool | undefined;
  #closing: Promise<unknown> | undefined;

  constructor(
    private readonly settings: SessionSettings,
    private readonly host: SessionHost,
  ) {}

  exchange(request: EngineRequest, handler: ExchangeHandler): Exchange {
    const atMs = this.host.aboutMs();
    const limits = request.timeouts === undefined ? this.settings.timeouts : this.#limited(request.timeouts);
    const keepAlive = request.keepAlive ?? this.settings.keepAlive;
    const exchange = new NativeExchange(request, handler, keepAlive, limits, this, this.host.sweeper, atMs);
    if (this.host.shares) (this.#onShared ??= new Set()).add(exchange);
    if (this.#closing === undefined) this.#poolFor(request.origin).submit(exchange, atMs);
    else queueMicrotask(() => exchange.fail(SESSION_CLOSED));
    return exchange;
  }

  ended(exchange: NativeExchange): void {
    this.#onShared?.delete(exchange);
    if (exchange.sentAtMs === undefined) this.#poolFor(exchange.request.origin).forget(exchange);
  }

  sweep(nowMs: number): void {
    const pools = membersOf(this.#own);
    for (const pool of pools) pool.sweep(nowMs);
    if (pools.length > KEPT_EMPTY_POOLS) this.#dropEmpty(pools);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    for (const exchange of this.#onShared ?? []) exchange.fail(SESSION_CLOSED);
    await Promise.all(membersOf(this.#own).map((pool) => pool.close(SESSION_CLOSED)));
    this.host.closed(this);
  }

  /** Drops empty pools that redirects have left behind. */
  #dropEmpty(pools: readonly OriginPool[]): void {
    for (const pool of pools) {
      if (pool.isEmpty && pool !== this.#pool) this.#own = without(this.#own, pool);
    }
  }

  #limited(timeouts: Partial<Timeouts>): Timeouts {
    if (timeouts === this.#lastTimeouts) return this.#lastLimits;
    const limits = { ...this.settings.timeouts, ...timeouts };
    if (Object.isFrozen(timeouts)) {
      this.#lastTimeouts = timeouts;
      this.#lastLimits = limits;
    }
    return limits;
  }

  #poolFor(text: string): OriginPool {
    return text === this.#text ? this.#pool! : this.#findPool(text);
  }

  #findPool(text: string): OriginPool {
    const origin = this.host.origin(text);
    let pool = this.host.sharedPool(origin) ?? membersOf(this.#own).find((own) => own.origin.text === text);
    if (pool === undefined) {
      pool = new OriginPool(origin, this.settings.limits, this.host);
      this.#own = withAdded(this.#own, pool);
    }
    this.#text = text;
    this.#pool = pool;
    return pool;
  }
}
