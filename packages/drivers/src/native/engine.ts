import { Dialler } from '../dial/dialler.js';
import type { Dialling, Transport } from '../dial/transport.js';
import {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MAX_STREAMS,
  type EngineOptions,
  type EngineSession,
  type HttpEngine,
  type SessionOptions,
  type VersionChoice,
} from '../engine/contract.js';
import { aborted, type Failure } from '../engine/failure.js';
import { RecentMap } from '../engine/recent-map.js';
import { BatchClock } from './clock.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import { H1Connection, type H1Shared } from './h1-connection.js';
import { H2NativeConnection, H2Shared } from './h2-connection.js';
import { HeadWriter } from './head-writer.js';
import { Origin } from './origin.js';
import { OriginPool } from './origin-pool.js';
import {
  KEPT_EMPTY_POOLS,
  NativeSession,
  settingsOf,
  type SessionHost,
  type SessionSettings,
} from './session.js';
import { Sweeper } from './sweeper.js';

const SWEEP_EVERY_MS = 1_000;
/** Limits memory: a target may redirect to any number of origins. */
const REMEMBERED_ORIGINS = 10_000;
const NO_OPTIONS: SessionOptions = {};

const ALPN: Record<VersionChoice, readonly string[]> = {
  auto: ['h2', 'http/1.1'],
  '1.1': ['http/1.1'],
  '2': ['h2'],
};

/**
 * Drumline's own HTTP/1.1 (RFC 9112) and HTTP/2 (RFC 9113). Its cost per request is close to that
 * of load generators in C.
 * @throws TypeError if the TLS or network options cannot be used
 */
export function createNativeEngine(options: EngineOptions): HttpEngine {
  return new NativeEngine(options);
}

class NativeEngine implements HttpEngine, SessionHost {
  readonly sweeper: Sweeper;
  readonly shares: boolean;
  readonly #dialler: Dialler;
  readonly #clock: BatchClock;
  readonly #h1: H1Shared;
  readonly #h2: H2Shared;
  readonly #alpn: readonly string[];
  readonly #origins = new RecentMap<string, Origin>(REMEMBERED_ORIGINS);
  readonly #sessions = new Set<NativeSession>();
  readonly #shared = new Map<string, OriginPool>();
  readonly #settings = new WeakMap<SessionOptions, SessionSettings>();
  #sweeping: NodeJS.Timeout | undefined;

  constructor(private readonly options: EngineOptions) {
    this.#dialler = new Dialler(options);
    this.shares = options.sharedConnections !== undefined;
    this.sweeper = new Sweeper(options.now);
    this.#clock = new BatchClock(options.now);
    this.#h1 = { clock: this.#clock, heads: new HeadWriter(), strict: options.strict ?? false };
    const { maxStreams = DEFAULT_MAX_STREAMS, strict = false, pings } = options;
    this.#h2 = new H2Shared(this.#clock, maxStreams, strict, pings);
    this.#alpn = ALPN[options.version ?? 'auto'];
  }

  openSession(options: SessionOptions = NO_OPTIONS): EngineSession {
    let settings = this.#settings.get(options);
    if (settings === undefined) {
      settings = settingsOf(options);
      this.#settings.set(options, settings);
    }
    const session = new NativeSession(settings, this);
    this.#sessions.add(session);
    this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_EVERY_MS).unref();
    return session;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await Promise.all([...this.#shared.values()].map((pool) => pool.close(aborted('the engine was closed'))));
    await this.#dialler.close();
  }

  now(): number {
    return this.options.now();
  }

  aboutMs(): number {
    return this.#clock.aboutMs();
  }

  origin(text: string): Origin {
    let origin = this.#origins.get(text);
    if (origin === undefined) {
      origin = new Origin(text);
      this.#origins.set(text, origin);
    }
    return origin;
  }

  sharedPool(origin: Origin): OriginPool | undefined {
    const { sharedConnections, sharedIdleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS } = this.options;
    if (sharedConnections === undefined) return undefined;
    let pool = this.#shared.get(origin.text);
    if (pool === undefined) {
      const limits = { connections: sharedConnections, idleTimeoutMs: sharedIdleTimeoutMs, spread: true };
      pool = new OriginPool(origin, limits, this);
      this.#shared.set(origin.text, pool);
    }
    return pool;
  }

  closed(session: NativeSession): void {
    this.#sessions.delete(session);
  }

  dial(
    origin: Origin,
    timeoutMs: number,
    callbacks: { onOpen(transport: Transport): void; onFailed(failure: Failure): void },
  ): Dialling {
    const alpn = this.#speaksHttp11(origin) ? ALPN['1.1'] : this.#alpn;
    return this.#dialler.dial(origin, alpn, timeoutMs, callbacks);
  }

  allowsHttp11({ secure }: Origin): boolean {
    const { version = 'auto', tls } = this.options;
    return secure && version === 'auto' && tls?.alpn === undefined;
  }

  connect(transport: Transport, origin: Origin, owner: ConnectionOwner): NativeConnection {
    return transport.opened.protocol === 'h2'
      ? new H2NativeConnection(transport, owner, this.#h2)
      : new H1Connection(transport, origin.authority, owner, this.#h1);
  }

  #speaksHttp11(origin: Origin): boolean {
    if (!origin.secure) return this.options.version !== '2';
    return origin.http11UntilMs > -Infinity && this.now() < origin.http11UntilMs;
  }

  #sweep(): void {
    const nowMs = this.now();
    for (const session of this.#sessions) session.sweep(nowMs);
    for (const pool of this.#shared.values()) {
      pool.sweep(nowMs);
      if (this.#shared.size > KEPT_EMPTY_POOLS && pool.isEmpty) this.#shared.delete(pool.origin.text);
    }
  }
}
