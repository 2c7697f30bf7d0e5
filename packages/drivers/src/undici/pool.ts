import { IDLE_FROM_MS, type IdleLimit } from '../engine/idle-limit.js';
import type { UndiciConnection } from './connection.js';
import type { ExchangeOwner, UndiciExchange } from './exchange.js';

const SESSION_CLOSED = 'the session was closed';

/**
 * One user's connections to one origin. Sequential requests use the first; parallel requests open
 * more.
 */
export class ConnectionPool implements ExchangeOwner {
  readonly #all = new Set<UndiciConnection>();
  readonly #idle: UndiciConnection[] = [];
  #waiting: UndiciExchange[] = [];
  readonly #inFlight = new Set<UndiciExchange>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(
    private readonly open: () => UndiciConnection,
    private readonly maxConnections: number,
    private readonly idleLimit: IdleLimit,
    private readonly now: () => number,
  ) {}

  submit(exchange: UndiciExchange): void {
    if (this.#closed) return exchange.cancel(SESSION_CLOSED);
    this.#inFlight.add(exchange);
    this.#place(exchange);
  }

  ended(exchange: UndiciExchange, connection: UndiciConnection | undefined, reusable: boolean): void {
    this.#inFlight.delete(exchange);
    if (connection === undefined) return;
    if (reusable && !this.#closed) this.#rest(connection);
    else this.#drop(connection);
    this.#serveWaiting();
  }

  closedIdle({ restedMs }: UndiciConnection): boolean {
    this.idleLimit.closed(restedMs, this.now());
    return restedMs >= IDLE_FROM_MS;
  }

  stranded(exchange: UndiciExchange, connection: UndiciConnection, fresh: boolean): void {
    this.#drop(connection);
    const another = fresh ? this.#openAnother() : undefined;
    if (another === undefined) this.#place(exchange);
    else another.carry(exchange);
  }

  /** Cancels the requests in flight. Resolves when every socket is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting = [];
    for (const exchange of this.#inFlight) exchange.cancel(SESSION_CLOSED);
    for (const connection of this.#all) this.#drop(connection);
    await Promise.all(this.#closing);
  }

  #place(exchange: UndiciExchange): void {
    const connection = this.#takeIdle() ?? this.#openAnother();
    if (connection === undefined) this.#waiting.push(exchange);
    else connection.carry(exchange);
  }

  #rest(connection: UndiciConnection): void {
    if (connection.restedMs >= IDLE_FROM_MS) this.idleLimit.survived(connection.restedMs, this.now());
    connection.idleSinceMs = this.now();
    this.#idle.push(connection);
  }

  /** Takes an idle connection that the server is not about to close. */
  #takeIdle(): UndiciConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return undefined;
      const nowMs = this.now();
      connection.restedMs = nowMs - connection.idleSinceMs;
      if (connection.restedMs < IDLE_FROM_MS || connection.restedMs <= this.idleLimit.usableMs(nowMs))
        return connection;
      this.#drop(connection);
    }
  }

  #openAnother(): UndiciConnection | undefined {
    if (this.#all.size >= this.maxConnections) return undefined;
    const connection = this.open();
    this.#all.add(connection);
    return connection;
  }

  #serveWaiting(): void {
    while (!this.#closed) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (!next.over) return this.#place(next);
    }
  }

  #drop(connection: UndiciConnection): void {
    if (!this.#all.delete(connection)) return;
    const closing = connection.discard().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
