import type net from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { OpenedConnection } from '@drumline/model';
import type { Dialling } from '../dial/transport.js';
import type { EngineRequest, Timeouts } from '../engine/contract.js';
import { KnownFailure } from './classify.js';
import type { Route } from './route.js';

const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_LIMIT_MS = 600_000;
/** An idle connection is dropped this long before the server's announced limit. */
const IDLE_MARGIN_MS = 1_000;

/** A request that a connection carries. */
interface CarriedRequest extends Dispatcher.DispatchHandler {
  readonly request: EngineRequest;
  readonly keepAlive: boolean;
  readonly limits: Timeouts;
  /** The announced length of a streamed body. */
  readonly lengthHeader: readonly string[];
  carriedBy(connection: UndiciConnection): void;
  /** The body in the form that undici expects. A streamed body can be taken only once. */
  takeBody(): Uint8Array | AsyncIterable<Uint8Array> | null;
}

/**
 * One undici `Client`: at most one TCP connection and one request in flight. If the server has
 * closed the connection, the client automatically opens another.
 */
export class UndiciConnection {
  /** The current socket, once a connection was opened. */
  socket: net.Socket | undefined;
  /** How the connection was opened, if it was opened for the current exchange. */
  opened: OpenedConnection | undefined;
  /** Whether the current exchange failed while its connection was being opened. */
  dialFailed = false;
  /** Idle since this instant. Not valid while an exchange is in flight. */
  idleSinceMs = 0;
  /** How long the connection was idle before the current exchange. */
  restedMs = 0;
  readonly #client: Client;
  #dialling: Dialling | undefined;
  #exchange: CarriedRequest | undefined;

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

  /** Sends a request. Only one may be in flight. */
  carry(exchange: CarriedRequest): void {
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
        // undici also accepts async iterables, but its types do not declare it.
        body: exchange.takeBody() as Uint8Array | null,
        reset: !exchange.keepAlive,
      },
      exchange,
    );
  }

  /**
   * Closes the connection even if a request is in flight. Resolves when the socket is closed. Do
   * not use it afterwards.
   */
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
