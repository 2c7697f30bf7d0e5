/** How the connections of a lane behave; what one user or one request may set of it is in `SessionOptions` and `EngineRequest`. */
export interface EngineOptions {
  /** The lane's monotonic clock, milliseconds with fractions. */
  readonly now: () => number;
  readonly tls?: TlsOptions;
  readonly network?: NetworkOptions;
  /**
   * `auto`: what the server chooses by ALPN over TLS, HTTP/1.1 without TLS. `2` without TLS speaks HTTP/2 at once
   * ("prior knowledge"). Default `auto`.
   */
  readonly version?: VersionChoice;
  /** So many connections to an origin, shared by all sessions of the engine, in place of each session's own. */
  readonly sharedConnections?: number;
  /** A shared connection that is idle for so long is closed. Default 60,000 ms. */
  readonly sharedIdleTimeoutMs?: number;
  /** HTTP/2 requests on one connection at a time, at most; the server may allow fewer. Default 100. */
  readonly maxStreams?: number;
  /**
   * Whether responses are malformed that curl, Go and browsers read although the standard forbids
   * them. Default `false`.
   */
  readonly strict?: boolean;
  /** PINGs on each HTTP/2 connection, also while it is idle. One that is not answered in time closes it. Default: none. */
  readonly pings?: PingOptions;
}

export interface PingOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

export type VersionChoice = 'auto' | '1.1' | '2';

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
  /** `TLSv1` and `TLSv1.1` also need `ciphers` that allow their signatures: `DEFAULT:@SECLEVEL=0`. */
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** In OpenSSL's notation, separated by colons; TLS 1.3 suites by their full names. */
  readonly ciphers?: string;
  /** Offered by ALPN in place of those that follow from the HTTP version. */
  readonly alpn?: readonly string[];
  /** Whether a new connection may resume the TLS session of an earlier one. Default `true`. */
  readonly resumeSessions?: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How names become addresses, and where connections start from. */
export interface NetworkOptions {
  /** How long an answer of the name look-up is used, milliseconds; 0 asks for every connection. Default 60,000. */
  readonly dnsTtlMs?: number;
  /** Only addresses of this family; 0 takes both. Default 0. */
  readonly family?: 0 | 4 | 6;
  /**
   * Which of several addresses a new connection takes: of the family that the system puts first (RFC 6724), as the other one is for
   * need only. One that cannot be reached is followed by the next. Default `round-robin`.
   */
  readonly addressOrder?: 'round-robin' | 'random' | 'first';
  /** Names with the addresses to use in place of a look-up, with or without port: `{ 'shop.example': ['10.0.0.7', '10.0.0.8:8443'] }`. */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /** Own addresses to connect from, in turn: each gives about 28,000 connections to one target. Only addresses of their family are connected to. */
  readonly localAddresses?: readonly string[];
}

/** How one user's connections behave. */
export interface SessionOptions {
  /** `false`: a connection for every request, with `connection: close`. Default `true`. */
  readonly keepAlive?: boolean;
  /** Connections of the user to one origin, at most; further requests wait. Default 6, as in browsers; HTTP/2 needs one. */
  readonly maxConnections?: number;
  /** An idle connection is closed after this time unless the server announces a shorter one. Default 60,000 ms. */
  readonly idleTimeoutMs?: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** Limits in milliseconds; 0 means no limit. */
export interface Timeouts {
  /** Name look-up, TCP and TLS together. Default 10,000. */
  readonly connectMs: number;
  /** From the request being sent to the response's head. Default 0. */
  readonly headersMs: number;
  /** Between two pieces of the body. Default 0. */
  readonly bodyMs: number;
  /** From the call to the last byte, waiting for a connection included. Default 60,000. */
  readonly wholeMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 0, bodyMs: 0, wholeMs: 60_000 };
export const DEFAULT_MAX_CONNECTIONS = 6;
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
export const DEFAULT_MAX_STREAMS = 100;
export const DEFAULT_DNS_TTL_MS = 60_000;
