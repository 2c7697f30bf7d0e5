/**
 * The contract of an HTTP engine, which sends a request and returns its response.
 *
 * Redirects, cookies, decompression and check results belong to the layer above (`../http`). Every
 * engine must pass the suite in `test/contract/http-engine.ts`.
 *
 * Instants are fractional milliseconds on the monotonic clock given to the engine (`now`).
 */
import type { Oddity } from './oddities.js';
import type { OpenedConnection } from '@drumline/model';
import type { Failure } from './failure.js';
import type { SessionOptions, Timeouts } from './settings.js';

/**
 * One engine per lane. It holds what users share: DNS answers, the TLS context and sessions, and
 * optionally connections.
 */
export interface HttpEngine {
  /** Opens no connection; the first request does. */
  openSession(options?: SessionOptions): EngineSession;
  /** Closes every session and connection; resolves when the last socket is closed. */
  close(): Promise<void>;
}

/**
 * Sends the requests of one user. A session has its own connections unless the engine shares them.
 */
export interface EngineSession {
  /**
   * Sends a request, or queues it while all connections are busy. Never throws, and never calls the
   * handler before it returns.
   */
  exchange(request: EngineRequest, handler: ExchangeHandler): Exchange;
  /**
   * Cancels the requests in flight and closes the session's own connections. Resolves when the last
   * socket is closed.
   */
  close(): Promise<void>;
}

export interface EngineRequest {
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port: `https://shop.example:8443`. */
  readonly origin: string;
  /** Path and query, percent-encoded: `/products?page=2`. */
  readonly path: string;
  /**
   * Name, value, name, value, … The engine adds `host` (unless given), `connection` and the framing
   * of the body.
   *
   * Pass the same frozen array again if nothing changed: engines cache its encoding.
   */
  readonly headers: readonly string[];
  readonly body?: Uint8Array | BodyStream;
  /**
   * `false`: HTTP/2 does not announce the length of the body. Requests that differ only in their
   * length then have the same headers. Default `true`.
   */
  readonly announceLength?: boolean;
  /** What the engine does with the body of the response. Default `keep`. */
  readonly receive?: Reception;
  /**
   * Limit for a body that is kept. The request fails as soon as the body is known to exceed it. 0
   * means no limit. Default 0.
   */
  readonly maxBodyBytes?: number;
  /** Overrides the session's setting. */
  readonly keepAlive?: boolean;
  /** Each field overrides the session's setting. */
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * A body that is generated while it is sent.
 *
 * The engine reads it once, at the pace of the connection, and stops when the exchange ends. The
 * request fails as `invalid` if the body throws or does not have the announced length, unless the
 * response is already complete.
 */
export interface BodyStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Announced as `content-length`. Without it, HTTP/1.1 sends the body in chunks. */
  readonly lengthBytes?: number;
  /**
   * Whether each iteration over `chunks` yields the whole body again, as a resend requires. Default
   * `false`.
   */
  readonly repeatable?: boolean;
}

/**
 * - `keep`: the result contains the whole body
 * - `discard`: the body is read, counted and dropped
 * - `stream`: the handler receives the pieces
 */
export type Reception = 'keep' | 'discard' | 'stream';

/**
 * Receives the events of an exchange, in this order: `onHead` once, `onData` for each piece
 * (`stream` only), `onEnd` once.
 */
export interface ExchangeHandler {
  /**
   * The head of the final response.
   * @param soFar is updated while the exchange continues; its `endedAtMs` is not valid yet
   */
  onHead?(head: ResponseHead, soFar: ExchangeCounts): void;
  /**
   * A piece of the body, without framing but still with its content coding.
   *
   * The bytes are valid only during the call. A slow reader calls `pause` of the exchange; some
   * pieces may still arrive after that.
   * @param atMs when it arrived
   */
  onData?(bytes: Uint8Array, atMs: number): void;
  /**
   * The engine resends the request, at most once. Either the server was closing the kept
   * connection, or it requires HTTP/1.1.
   *
   * The server may have processed the request. Times and limits still count from the call.
   * @param bytesSent bytes of the first attempt, which the counts leave out
   */
  onResend?(bytesSent: number): void;
  /**
   * The response violates the standard, but is read as curl, Go and browsers read it. May be called
   * several times for the same oddity.
   */
  onOddity?(oddity: Oddity): void;
  /** The result, after success or failure. No callback follows it. */
  onEnd(result: ExchangeResult): void;
}

/** A request in flight. After its end, all methods do nothing. */
export interface Exchange {
  /**
   * Cancels the request. It ends with a failure of class `aborted` and the reason as its message,
   * within this call or soon after.
   */
  cancel(reason: string): void;
  /**
   * Stops reading the response. All timeouts continue, except the one between two pieces of the
   * body.
   */
  pause(): void;
  resume(): void;
}

export interface ResponseHead {
  readonly version: 'http/1.1' | 'h2';
  /** Status of the final response. 1xx responses are skipped. */
  readonly status: number;
  /** Empty with HTTP/2. */
  readonly statusText: string;
  /** The value of a header, by its lower-case name. Several values are joined by `, `. Cheap. */
  header(name: string): string | undefined;
  /**
   * All headers as received: name, value, name, value, … An engine may decode them on first access.
   */
  readonly rawHeaders: readonly string[];
}

export type ExchangeResult = EngineResponse | EngineFailure;

export interface ExchangeCounts {
  readonly timing: ExchangeTiming;
  /**
   * Bytes of HTTP on the connection: heads included, TLS framing excluded.
   *
   * If a request fails halfway, `bytesSent` includes everything that was handed to the socket.
   * With HTTP/2, only the frames of the request's own stream count.
   */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface EngineResponse extends ExchangeCounts, ResponseHead {
  readonly kind: 'response';
  /** As received: without framing, but still with its content coding. Empty unless it was kept. */
  readonly body: Uint8Array;
  /** The body decoded as UTF-8, without a byte order mark. Cheaper than decoding `body`. */
  text(): string;
  /** Length of the body as received, even if it was not kept. */
  readonly bodyBytes: number;
  /** The trailers: name, value, … Empty if there are none. */
  readonly rawTrailers: readonly string[];
}

export interface EngineFailure extends ExchangeCounts {
  readonly kind: 'failed';
  readonly failure: Failure;
  /**
   * Whether the head of the request was handed to the socket. If so, the target may have received
   * it.
   */
  readonly sent: boolean;
}

export interface ExchangeTiming {
  /** When `exchange` was called; if a connection was free at once, when the request was sent. */
  readonly startedAtMs: number;
  /** When the head was handed to the socket. Absent if it never was. */
  readonly sentAtMs?: number | undefined;
  /** When the last byte of the request was handed to the socket. Absent if it never was. */
  readonly sendEndedAtMs?: number | undefined;
  /** When the first byte of the response arrived. Absent if none did. Never before `sentAtMs`. */
  readonly firstByteAtMs?: number | undefined;
  /** When the last byte of the response arrived, or when the request failed. */
  readonly endedAtMs: number;
  /** Present if this is the first request on its connection. */
  readonly opened?: OpenedConnection | undefined;
}

export * from './settings.js';
export { ODDITIES, type Oddity } from './oddities.js';
