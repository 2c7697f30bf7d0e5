/**
 * How the connections of a lane behave. `SessionOptions` and `EngineRequest` hold what can be set
 * per user and per request.
 */
export interface EngineOptions {
  /** The lane's monotonic clock, milliseconds with fractions. */
  readonly now: () => number;
  readonly tls?: TlsOptions;
  readonly network?: NetworkOptions;
  /**
   * `auto`: the server chooses by ALPN over TLS; HTTP/1.1 without TLS. `2` without TLS starts with
   * HTTP/2 ("prior knowledge"). Default `auto`.
   */
  readonly version?: VersionChoice;
  /**
   * Number of connections to an origin that all sessions of the engine share. Default: each session
   * has its own.
   */
  readonly sharedConnections?: number;
  /** A shared connection is closed after being idle for this time. Default 60,000 ms. */
  readonly sharedIdleTimeoutMs?: number;
  /**
   * Maximum number of concurrent HTTP/2 requests on a connection. The server may allow fewer.
   * Default 100.
   */
  readonly maxStreams?: number;
  /**
   * Whether to reject responses that violate the standard but that curl, Go and browsers accept.
   * Default `false`.
   */
  readonly strict?: boolean;
  /**
   * PINGs on each HTTP/2 connection, even while it is idle. A PING without a timely answer closes
   * the connection. Default: none.
   */
  readonly pings?: PingOptions;
}

export interface PingOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

export type VersionChoice = 'auto' | '1.1' | '2';

/** TLS settings of every connection of the lane. Certificates and keys are PEM text. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string | readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** `false` accepts any certificate. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** The name to send (SNI) and verify, instead of the URL's host. */
  readonly servername?: string;
  /**
   * `TLSv1` and `TLSv1.1` also need `ciphers` that allow their signatures: `DEFAULT:@SECLEVEL=0`.
   */
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** OpenSSL cipher list, separated by colons. TLS 1.3 suites are given by their full names. */
  readonly ciphers?: string;
  /** Protocols to offer by ALPN, instead of those that follow from the HTTP version. */
  readonly alpn?: readonly string[];
  /** Whether a new connection may resume the TLS session of an earlier one. Default `true`. */
  readonly resumeSessions?: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Name resolution and local addresses. */
export interface NetworkOptions {
  /**
   * How long a DNS answer is used, in milliseconds. 0 looks the name up for every connection.
   * Default 60,000.
   */
  readonly dnsTtlMs?: number;
  /** Address family to use. 0 allows both. Default 0. */
  readonly family?: 0 | 4 | 6;
  /**
   * How a new connection chooses among several addresses. It uses the family that the system
   * prefers (RFC 6724); the other family is only a fallback. If an address is unreachable, the next
   * one is tried. Default `round-robin`.
   */
  readonly addressOrder?: 'round-robin' | 'random' | 'first';
  /**
   * Addresses to use instead of a lookup, with or without a port: `{ 'shop.example': ['10.0.0.7',
   * '10.0.0.8:8443'] }`.
   */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Local addresses to connect from, in turn. Each allows about 28,000 connections to one target.
   * Only targets of the same address family can be reached.
   */
  readonly localAddresses?: readonly string[];
}

/** How one user's connections behave. */
export interface SessionOptions {
  /**
   * `false`: each request opens its own connection and sends `connection: close`. Default `true`.
   */
  readonly keepAlive?: boolean;
  /**
   * Maximum number of connections of the user to one origin. Further requests wait. Default 6, as
   * in browsers; HTTP/2 needs one.
   */
  readonly maxConnections?: number;
  /**
   * An idle connection is closed after this time, or earlier if the server announces a shorter
   * limit. Default 60,000 ms.
   */
  readonly idleTimeoutMs?: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** Limits in milliseconds; 0 means no limit. */
export interface Timeouts {
  /** Name lookup, TCP and TLS together. Default 10,000. */
  readonly connectMs: number;
  /** From the request being sent to the response's head. Default 0. */
  readonly headersMs: number;
  /** Between two pieces of the body. Default 0. */
  readonly bodyMs: number;
  /** From the call to the last byte, including the wait for a connection. Default 60,000. */
  readonly wholeMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 0, bodyMs: 0, wholeMs: 60_000 };
export const DEFAULT_MAX_CONNECTIONS = 6;
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
export const DEFAULT_MAX_STREAMS = 100;
export const DEFAULT_DNS_TTL_MS = 60_000;
