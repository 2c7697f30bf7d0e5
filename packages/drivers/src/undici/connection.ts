import type net from 'node:net';
import { Client } from 'undici';
import type { OpenedConnection } from '@drumline/model';
import type { Dial, Dialler } from './dialler.js';
import type { UndiciExchange } from './exchange.js';

const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_LIMIT_MS = 600_000;
/** An idle connection is dropped this long before the server said it would drop it. */
const IDLE_MARGIN_MS = 1_000;

/**
 * One undici `Client`: at most one TCP connection, at most one request in flight. The client opens a new connection
 * by itself when the server has closed the old one in between.
 */
export class UndiciConnection {
  readonly #client: Client;
  #dial: Dial | undefined;
  #exchange: UndiciExchange | undefined;
  #freshlyDialled = false;
  #dialFailed = false;

  constructor(origin: string, dialler: Dialler, idleTimeoutMs: number) {
    this.#client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: Math.max(1, idleTimeoutMs),
      keepAliveMaxTimeout: Math.max(IDLE_LIMIT_MS, idleTimeoutMs),
      keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
      connect: (to, callback) => {
        this.#freshlyDialled = true;
        this.#dialFailed = false;
        this.#dial = dialler.dial(to, this.#exchange?.limits.connectMs ?? 0, (error, socket) => {
          this.#dialFailed = error !== null;
          if (error !== null) callback(error, null);
          else callback(null, socket!);
        });
      },
    });
  }

  /** The socket in use, once one was opened. */
  get socket(): net.Socket | undefined {
    return this.#dial?.socket;
  }

  /** What connecting took, if it was done for the exchange now carried. */
  get opened(): OpenedConnection | undefined {
    return this.#freshlyDialled ? this.#dial?.timing() : undefined;
  }

  /** Whether the exchange now carried failed while the connection was being opened for it. */
  get dialFailed(): boolean {
    return this.#dialFailed;
  }

  /** Sends a request; only one at a time. */
  carry(exchange: UndiciExchange): void {
    this.#exchange = exchange;
    this.#freshlyDialled = false;
    this.#dialFailed = false;
    exchange.carriedBy(this);
    this.#client.dispatch(
      {
        method: exchange.request.method,
        path: exchange.request.path,
        headers: exchange.request.headers as string[],
        body: (exchange.request.body as Uint8Array | undefined) ?? null,
        reset: !exchange.keepAlive,
      },
      exchange,
    );
  }

  /** Closes it whatever it is doing; resolves when its socket is closed. Not to be used afterwards. */
  async discard(): Promise<void> {
    const closing = this.#client.destroy();
    const socket = this.#dial?.socket;
    if (socket !== undefined && !socket.closed) {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await closed;
    }
    await closing;
  }
}
