import type net from 'node:net';
import { Client } from 'undici';
import type { OpenedConnection } from '@drumline/model';
import type { Dialling } from '../dial/transport.js';
import { KnownFailure } from './classify.js';
import type { UndiciExchange } from './exchange.js';
import type { Route } from './route.js';

const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_LIMIT_MS = 600_000;
/** An idle connection is dropped this long before the server said it would drop it. */
const IDLE_MARGIN_MS = 1_000;

/**
 * One undici `Client`: at most one TCP connection, at most one request in flight. The client opens a new connection
 * by itself when the server has closed the old one in between.
 */
export class UndiciConnection {
  /** In use, once one was opened. */
  socket: net.Socket | undefined;
  /** What connecting took, if it was done for the exchange now carried. */
  opened: OpenedConnection | undefined;
  /** Whether the exchange now carried failed while the connection was being opened for it. */
  dialFailed = false;
  /** Since when it has carried nothing; meaningless while it carries something. */
  idleSinceMs = 0;
  /** How long it had been idle when the exchange now carried came. */
  restedMs = 0;
  readonly #client: Client;
  #dialling: Dialling | undefined;
  #exchange: UndiciExchange | undefined;

  constructor(
    origin: string,
    private readonly route: Route,
    idleTimeoutMs: number,
  ) {
    this.#client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: Math.max(1, idleTimeoutMs),
      keepAliveMaxTimeout: Math.max(IDLE_LIMIT_MS, idleTimeoutMs),
      keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
      connect: ({ protocol, hostname, port }, callback) => {
        const secure = protocol === 'https:';
        const target = { secure, host: hostname, port: Number(port) || (secure ? 443 : 80), stream: true };
        this.dialFailed = false;
        this.#dialling = route.open(target, this.#exchange?.limits.connectMs ?? 0, {
          onOpen: (socket, opened) => {
            this.socket = socket;
            this.opened = opened;
            callback(null, socket);
          },
          onFailed: (failure) => {
            this.dialFailed = true;
            callback(new KnownFailure(failure), null);
          },
        });
      },
    });
  }

  /** Sends a request; only one at a time. */
  carry(exchange: UndiciExchange): void {
    this.#exchange = exchange;
    this.opened = undefined;
    this.dialFailed = false;
    exchange.carriedBy(this);
    const { path, headers } = this.route.address(exchange.request);
    this.#client.dispatch(
      {
        method: exchange.request.method,
        path,
        headers: [...headers, ...exchange.lengthHeader],
        // undici takes async iterables too; its types do not say so.
        body: exchange.takeBody() as Uint8Array | null,
        reset: !exchange.keepAlive,
      },
      exchange,
    );
  }

  /** Closes it whatever it is doing; resolves when its socket is closed. Not to be used afterwards. */
  async discard(): Promise<void> {
    this.#dialling?.cancel();
    const closing = this.#client.destroy();
    const { socket } = this;
    if (socket !== undefined && !socket.closed) {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await closed;
    }
    await closing;
  }
}
