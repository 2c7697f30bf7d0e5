import {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_TIMEOUTS,
  type EngineOptions,
  type EngineRequest,
  type EngineSession,
  type Exchange,
  type ExchangeHandler,
  type HttpEngine,
  type SessionOptions,
  type Timeouts,
} from '../engine/contract.js';
import { UndiciConnection } from './connection.js';
import { Dialler } from './dialler.js';
import { UndiciExchange } from './exchange.js';
import { ConnectionPool } from './pool.js';

/**
 * HTTP/1.1 over undici's `Client.dispatch`.
 * @throws TypeError if the TLS options cannot be used
 */
export function createUndiciEngine(options: EngineOptions): HttpEngine {
  const dialler = new Dialler(options);
  const sessions = new Set<UndiciSession>();
  return {
    openSession(sessionOptions = {}) {
      const session = new UndiciSession(sessionOptions, dialler, options.now, () => sessions.delete(session));
      sessions.add(session);
      return session;
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
    },
  };
}

class UndiciSession implements EngineSession {
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #timeouts: Timeouts;
  #closing: Promise<unknown> | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly dialler: Dialler,
    private readonly now: () => number,
    private readonly onClose: () => void,
  ) {
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  }

  exchange(request: EngineRequest, handler: ExchangeHandler): Exchange {
    const pool = this.#pool(request.origin);
    const keepAlive = request.keepAlive ?? this.options.keepAlive !== false;
    const limits =
      request.timeouts === undefined ? this.#timeouts : { ...this.#timeouts, ...request.timeouts };
    const exchange = new UndiciExchange(request, handler, keepAlive, limits, pool, this.now);
    pool.submit(exchange);
    return exchange;
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.#closing;
    this.onClose();
  }

  #pool(origin: string): ConnectionPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      const idleMs = this.options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
      const open = (): UndiciConnection => new UndiciConnection(origin, this.dialler, idleMs);
      pool = new ConnectionPool(open, this.options.maxConnections ?? DEFAULT_MAX_CONNECTIONS);
      this.#pools.set(origin, pool);
      if (this.#closing !== undefined) void pool.close();
    }
    return pool;
  }
}
