import { Dialler } from '../dial/dialler.js';
import { TlsClient } from '../dial/tls-client.js';
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
import { IdleLimit } from '../engine/idle-limit.js';
import { UndiciConnection } from './connection.js';
import { UndiciExchange } from './exchange.js';
import { ConnectionPool } from './pool.js';
import { ForwardingRoute, parseProxy } from './proxy.js';
import { StraightRoute, type Route } from './route.js';
import { TunnelRoute } from './tunnel.js';

export interface UndiciEngineOptions extends EngineOptions {
  /** The proxy for all requests: `http://user:password@proxy:3128`. */
  readonly proxy?: string;
}

/** Routes to targets without and with TLS. */
interface Routes {
  readonly plain: Route;
  readonly secure: Route;
}

/**
 * HTTP/1.1 over undici's `Client.dispatch`, optionally through a proxy.
 * @throws TypeError if the TLS options, network options or proxy are invalid, or if HTTP/2 or
 *   shared connections are requested
 */
export function createUndiciEngine(options: UndiciEngineOptions): HttpEngine {
  if (options.sharedConnections !== undefined)
    throw cannot('share connections between users', 'sharedConnections');
  if (options.version === '2') throw cannot('use HTTP/2', "version '2'");
  if (options.tls?.alpn?.includes('h2') === true) throw cannot('use HTTP/2', "'h2' from tls.alpn");
  const dialler = new Dialler(options);
  const routes = routesOf(options, dialler);
  const sessions = new Set<UndiciSession>();
  const idleLimits = new Map<string, IdleLimit>();
  const idleLimitOf = (origin: string): IdleLimit => {
    const known = idleLimits.get(origin) ?? new IdleLimit();
    idleLimits.set(origin, known);
    return known;
  };
  return {
    openSession(sessionOptions = {}) {
      const onClose = (): boolean => sessions.delete(session);
      const session = new UndiciSession(sessionOptions, routes, options.now, idleLimitOf, onClose);
      sessions.add(session);
      return session;
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
      await dialler.close();
    },
  };
}

function cannot(what: string, option: string): TypeError {
  return new TypeError(`the engine 'undici' cannot ${what}: remove ${option}`);
}

function routesOf({ proxy: text, tls, now }: UndiciEngineOptions, dialler: Dialler): Routes {
  if (text === undefined) {
    const straight = new StraightRoute(dialler);
    return { plain: straight, secure: straight };
  }
  const proxy = parseProxy(text);
  return {
    plain: new ForwardingRoute(dialler, proxy),
    secure: new TunnelRoute({ dialler, proxy, tls: new TlsClient(tls), now }),
  };
}

class UndiciSession implements EngineSession {
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #timeouts: Timeouts;
  #closing: Promise<unknown> | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly routes: Routes,
    private readonly now: () => number,
    private readonly idleLimitOf: (origin: string) => IdleLimit,
    private readonly onClose: () => unknown,
  ) {
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  }

  exchange(request: EngineRequest, handler: ExchangeHandler): Exchange {
    const pool = this.#pool(request.origin);
    const keepAlive = request.keepAlive ?? this.options.keepAlive !== false;
    const limits =
      request.timeouts === undefined ? this.#timeouts : { ...this.#timeouts, ...request.timeouts };
    const route = this.#route(request.origin);
    const exchange = new UndiciExchange(request, handler, keepAlive, limits, route, pool, this.now);
    pool.submit(exchange);
    return exchange;
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.#closing;
    this.onClose();
  }

  #route(origin: string): Route {
    return origin.startsWith('https:') ? this.routes.secure : this.routes.plain;
  }

  #pool(origin: string): ConnectionPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      const idleMs = this.options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
      const open = (): UndiciConnection => new UndiciConnection(origin, this.#route(origin), idleMs);
      const maxConnections = this.options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
      pool = new ConnectionPool(open, maxConnections, this.idleLimitOf(origin), this.now);
      this.#pools.set(origin, pool);
      if (this.#closing !== undefined) void pool.close();
    }
    return pool;
  }
}
