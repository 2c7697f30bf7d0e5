/**
 * The contract of an HTTP engine: what sends one request and returns one response, and nothing more. Redirects,
 * cookies, decompression, names and verdicts stand above it (`../http`). `test/contract/http-engine.ts` is the
 * suite that every engine passes.
 *
 * Instants are milliseconds on the monotonic clock the engine was given (`now`), with fractions.
 */
import type { Oddity } from './oddities.js';
import type { OpenedConnection } from '@drumline/model';
import type { Failure } from './failure.js';
import type { SessionOptions, Timeouts } from './settings.js';

/** One per lane: holds what users share (names, TLS context and sessions, and connections if they are to be shared). */
export interface HttpEngine {
  /** Opens no connection yet: that happens with the first request. */
  openSession(options?: SessionOptions): EngineSession;
  /** Closes every session and connection; resolves when the last socket is closed. */
  close(): Promise<void>;
}

/** One user's way to the targets. Its connections are its own, unless the engine shares them. */
export interface EngineSession {
  /**
   * Sends a request, or queues it while the connections are all busy. Never throws, and never calls the handler before
   * it has returned.
   */
  exchange(request: EngineRequest, handler: ExchangeHandler): Exchange;
  /** Cancels what is in flight and closes the session's own connections; resolves when the last socket is closed. */
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
   * Name, value, name, value, … The engine adds `host` (unless given), `connection` and the framing of the body. Pass the
   * same frozen array again where nothing changed: engines remember what they made of it.
   */
  readonly headers: readonly string[];
  readonly body?: Uint8Array | BodyStream;
  /** `false`: HTTP/2 does not announce the body's length, so that requests that differ in it alone have the same headers. Default `true`. */
  readonly announceLength?: boolean;
  /** What becomes of the response's body. Default `keep`. */
  readonly receive?: Reception;
  /**
   * A body that is kept fails the request as soon as it is known to be longer. 0 means no limit.
   * Default 0.
   */
  readonly maxBodyBytes?: number;
  /** Overrides the session's. */
  readonly keepAlive?: boolean;
  /** Override the session's, one by one. */
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * A body that is made while it is sent; it is read once, as fast as the connection takes it, and no further once the exchange
 * has ended. If it throws, or is longer or shorter than announced, the request fails as `invalid`, unless its response is
 * complete by then.
 */
export interface BodyStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Announced as `content-length`; without it HTTP/1.1 sends chunks. */
  readonly lengthBytes?: number;
  /**
   * Whether `chunks` gives all of it anew each time that it is iterated over, so that it can be
   * sent again. Default `false`.
   */
  readonly repeatable?: boolean;
}

/**
 * - `keep`: the whole body is in the result
 * - `discard`: it is read, counted and dropped
 * - `stream`: the handler gets the pieces
 */
export type Reception = 'keep' | 'discard' | 'stream';

/**
 * What an exchange tells, in this order: `onHead` once, `onData` for each piece, for `stream` only;
 * then `onEnd` once.
 */
export interface ExchangeHandler {
  /** The head of the final response. @param soFar changes while the exchange goes on; its `endedAtMs` means nothing yet */
  onHead?(head: ResponseHead, soFar: ExchangeCounts): void;
  /**
   * A piece of the body, framing removed, content coding not. The bytes are lent for the length of the call. A reader that
   * falls behind calls `pause` of the exchange; pieces that are on their way may still come after it.
   * @param atMs when it came
   */
  onData?(bytes: Uint8Array, atMs: number): void;
  /**
   * The request is sent again, once at most: it met a kept connection that the server was closing,
   * or the server wants it over HTTP/1.1. The server may have seen it. Time and limits go on
   * counting from the call.
   * @param bytesSent the first time, which the counts leave out
   */
  onResend?(bytesSent: number): void;
  /**
   * The response is read as curl, Go and browsers read it, although the standard forbids it. May be
   * told again and again.
   */
  onOddity?(oddity: Oddity): void;
  /** The end, good or bad. After it nothing is called. */
  onEnd(result: ExchangeResult): void;
}

/** A request on its way. After its end all of these do nothing. */
export interface Exchange {
  /** Cuts the request off at once: it ends with a failure of class `aborted` whose message is the reason, within this call or soon after. */
  cancel(reason: string): void;
  /** Stops reading the response. Time-outs go on, except the one between two pieces of the body. */
  pause(): void;
  resume(): void;
}

export interface ResponseHead {
  readonly version: 'http/1.1' | 'h2';
  /** Of the final response; 1xx are passed over. */
  readonly status: number;
  /** Empty with HTTP/2. */
  readonly statusText: string;
  /** A header by its lower-case name; several of one name joined by `, `. Cheap. */
  header(name: string): string | undefined;
  /** All headers as received: name, value, name, value, … An engine may decode them on first reading. */
  readonly rawHeaders: readonly string[];
}

export type ExchangeResult = EngineResponse | EngineFailure;

export interface ExchangeCounts {
  readonly timing: ExchangeTiming;
  /**
   * Bytes of HTTP on the connection, heads included, TLS framing not. Of a request that failed half-way,
   * `bytesSent` includes what was handed to the socket. With HTTP/2 those of the stream's own frames.
   */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface EngineResponse extends ExchangeCounts, ResponseHead {
  readonly kind: 'response';
  /** As received: framing removed, content coding not. Empty unless it was kept. */
  readonly body: Uint8Array;
  /** The body read as UTF-8, without a byte order mark: cheaper than decoding `body`. */
  text(): string;
  /** Length of the body as received, whatever became of it. */
  readonly bodyBytes: number;
  /** Name, value, … of the trailer section; empty without one. */
  readonly rawTrailers: readonly string[];
}

export interface EngineFailure extends ExchangeCounts {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** Whether the request's head was handed to the socket, so that the target may have seen it. */
  readonly sent: boolean;
}

export interface ExchangeTiming {
  /** The call of `exchange`; of a request that a connection took at once, its sending. */
  readonly startedAtMs: number;
  /** The head handed to the socket; absent if it never was. */
  readonly sentAtMs?: number | undefined;
  /** The last byte of the request handed to the socket; absent if it never was. */
  readonly sendEndedAtMs?: number | undefined;
  /** The first byte of the response; absent if none came. Never before `sentAtMs`. */
  readonly firstByteAtMs?: number | undefined;
  /** The last byte of the response, or the failure. */
  readonly endedAtMs: number;
  /** Present if this request is the first on its connection. */
  readonly opened?: OpenedConnection | undefined;
}

export * from './settings.js';
export { ODDITIES, type Oddity } from './oddities.js';
