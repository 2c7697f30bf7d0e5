/**
 * The contract of an HTTP engine: what sends one request and returns one response, and nothing more. Redirects,
 * cookies, decompression, names and verdicts stand above it (`../http`). `test/contract/http-engine.ts` is the
 * suite that every engine passes.
 *
 * Instants are milliseconds on the monotonic clock the engine was given (`now`), with fractions.
 */
import type { Failure } from './failure.js';

/** One per lane: holds what users share (TLS context, TLS sessions), never a connection. */
export interface HttpEngine {
  /** Opens no connection yet: that happens with the first request. */
  openSession(options?: SessionOptions): EngineSession;
  /** Closes every session; resolves when the last socket is closed. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly tls?: TlsOptions;
}

/** TLS of every connection of the lane. Certificates and keys are PEM text. */
export interface TlsOptions {
  /** Trusted instead of the system's own authorities. */
  readonly ca?: string | readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** `false` accepts any certificate. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** The name asked for (SNI) and verified, instead of the URL's host. */
  readonly servername?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  readonly ciphers?: string;
  /** Whether a new connection may resume the TLS session of an earlier one. Default `true`. */
  readonly resumeSessions?: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How one user's connections behave. */
export interface SessionOptions {
  /** `false`: a connection for every request, with `connection: close`. Default `true`. */
  readonly keepAlive?: boolean;
  /** Connections of the user to one origin, at most; further requests wait. Default 6, as in browsers. */
  readonly maxConnections?: number;
  /** An idle connection is closed after this time unless the server announces a shorter one. Default 60,000 ms. */
  readonly idleTimeoutMs?: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** Limits in milliseconds; 0 means no limit. */
export interface Timeouts {
  /** Name look-up, TCP and TLS together. Default 10,000. */
  readonly connectMs: number;
  /** From the request's head being sent to the response's head. Default 0. */
  readonly headersMs: number;
  /** Between two pieces of the body. Default 0. */
  readonly bodyMs: number;
  /** From the call to the last byte, waiting for a connection included. Default 60,000. */
  readonly wholeMs: number;
}

/** One user's way to the targets: its own connections, shared with nobody. */
export interface EngineSession {
  /** Sends a request, or queues it while the user's connections are all busy. Never throws. */
  exchange(request: EngineRequest): Exchange;
  /** Cancels what is in flight and closes the connections; resolves when the last socket is closed. */
  close(): Promise<void>;
}

export interface EngineRequest {
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port: `https://shop.example:8443`. */
  readonly origin: string;
  /** Path and query, percent-encoded: `/products?page=2`. */
  readonly path: string;
  /** Name, value, name, value, … The engine adds `host` (unless given), `connection` and `content-length`. */
  readonly headers: readonly string[];
  readonly body?: Uint8Array;
  /** Overrides the session's. */
  readonly keepAlive?: boolean;
  /** Override the session's, one by one. */
  readonly timeouts?: Partial<Timeouts>;
}

/** A request on its way. */
export interface Exchange {
  /** Never rejects. */
  readonly done: Promise<ExchangeResult>;
  /**
   * Cuts the request off at once: `done` resolves with a failure of class `aborted` whose message is the reason.
   * Without effect once the request has ended.
   */
  cancel(reason: string): void;
}

export type ExchangeResult = EngineResponse | EngineFailure;

interface ExchangeCounts {
  readonly timing: ExchangeTiming;
  /**
   * Bytes of HTTP on the connection, heads included, TLS framing not. Of a request that failed half-way,
   * `bytesSent` includes what was handed to the socket.
   */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface EngineResponse extends ExchangeCounts {
  readonly kind: 'response';
  /** Of the final response; 1xx are passed over. */
  readonly status: number;
  readonly statusText: string;
  /** A header by its lower-case name; several of one name joined by `, `. Cheap. */
  header(name: string): string | undefined;
  /** All headers as received: name, value, name, value, … An engine may decode them on first reading. */
  readonly rawHeaders: readonly string[];
  /** As received: framing removed, content coding not. */
  readonly body: Uint8Array;
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
  /** The call of `exchange`. */
  readonly startedAtMs: number;
  /** The head handed to the socket; absent if it never was. */
  readonly sentAtMs?: number;
  /** The first byte of the response; absent if none came. */
  readonly firstByteAtMs?: number;
  /** The last byte of the response, or the failure. */
  readonly endedAtMs: number;
  /** Present if this request opened the connection. */
  readonly connect?: ConnectTiming;
}

/** What opening a connection took, milliseconds. */
export interface ConnectTiming {
  readonly dnsMs: number;
  readonly tcpMs: number;
  /** 0 without TLS. */
  readonly tlsMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 0, bodyMs: 0, wholeMs: 60_000 };
export const DEFAULT_MAX_CONNECTIONS = 6;
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
