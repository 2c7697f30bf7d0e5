import { parseDuration, type Duration } from '@drumline/model';
import {
  DEFAULT_DNS_TTL_MS,
  DEFAULT_TIMEOUTS,
  type EngineOptions,
  type NetworkOptions,
  type SessionOptions,
  type Timeouts,
  type TlsOptions,
  type VersionChoice,
} from '../engine/contract.js';

import type { AwsSignatureSettings, OAuth2Settings, TracingSettings } from './request-settings.js';

/** HTTP settings of a scenario or user type. Options of a request override some of them. */
export interface HttpSettings {
  /**
   * The HTTP implementation. `native` is Drumline's own. `undici` supports proxies, but only
   * HTTP/1.1, and costs several times more CPU. Default: `native`, or `undici` if `proxy` is set.
   */
  readonly engine?: 'native' | 'undici';
  /**
   * The HTTP version:
   * - `auto` (the default): over TLS, negotiated with the server (ALPN); otherwise HTTP/1.1
   * - `1.1`: HTTP/1.1
   * - `2`: HTTP/2; without TLS, with prior knowledge
   */
  readonly version?: VersionChoice;
  /**
   * Proxy for all requests, such as `http://user:password@proxy:3128`. Needs the engine `undici`.
   */
  readonly proxy?: string;
  /** Fetches OAuth 2 tokens with client credentials, and sends them to the target. */
  readonly oauth2?: OAuth2Settings;
  /** Signs requests to the target with AWS Signature Version 4. */
  readonly awsSignature?: AwsSignatureSettings;
  /**
   * Sends `traceparent` headers with a part of the calls. Also applies to gRPC calls and to
   * handshakes of WebSockets. Default: none.
   */
  readonly tracing?: TracingSettings;
  /** Headers of every request. They replace Drumline's default headers of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Limit from the call to the last byte. 0 means no limit. Default 60 s. */
  readonly timeout?: Duration;
  /** Limit for name lookup, TCP and TLS together. 0 means no limit. Default 10 s. */
  readonly connectTimeout?: Duration;
  /** Limit from sending the request to the response headers. 0 means no limit. Default 0. */
  readonly firstByteTimeout?: Duration;
  /** `false` opens a new connection for every request. Default `true`. */
  readonly keepAlive?: boolean;
  /**
   * How long an idle connection stays open, unless the server announces a shorter time. Default 60
   * s.
   */
  readonly idleTimeout?: Duration;
  /**
   * Maximum connections of one user to one origin. Default 6, as in browsers. HTTP/2 opens another
   * connection only when the streams of the first are in use.
   */
  readonly connectionsPerUser?: number;
  /**
   * Number of connections of each lane to an origin. The users of the lane share them and open none
   * of their own. HTTP/2 spreads its streams over them.
   */
  readonly sharedConnections?: number;
  /**
   * Maximum concurrent HTTP/2 requests on one connection. The server may allow fewer. Default 100.
   */
  readonly maxStreams?: number;
  /** Maximum number of redirects to follow. Default 5. */
  readonly redirects?: number;
  /** `false` neither stores nor sends cookies. Default `true`. */
  readonly cookies?: boolean;
  /** `false` leaves bodies compressed, as received. Default `true`. */
  readonly decompress?: boolean;
  /**
   * Maximum size in bytes of a body, server-sent event or WebSocket message held in memory, both as
   * received and decompressed. Larger ones fail. 0 means no limit. Default 64 MiB.
   */
  readonly maxBodyBytes?: number;
  /** What to do with response bodies. Default `keep`. */
  readonly responseBody?: ResponseBody;
  /**
   * `true` fails responses that violate the standard even if curl, Go and browsers accept them.
   * `false` accepts them and adds a note to the report. Only for the engine `native`. Default
   * `false`.
   */
  readonly strict?: boolean;
  /** Settings of TLS. */
  readonly tls?: TlsOptions;
  /** Settings of name lookup. */
  readonly dns?: DnsSettings;
  /**
   * Addresses to use for a host name instead of a lookup: one or several, each with or without a
   * port. Example: `{ 'shop.example': '10.0.0.7' }`.
   */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Addresses of this machine to connect from, in turn. Each allows about 28,000 connections to one
   * target.
   */
  readonly localAddresses?: readonly string[];
}

/**
 * What to do with the body of a response:
 * - `keep` (the default): keeps it in memory for `text()`, `json()` and `bytes()`
 * - `discard`: reads and counts it, and keeps nothing
 * - `hash`: like `discard`, and sets `sha256`
 * - `stream`: returns as soon as the headers arrive; read the body from `body`, piece by piece
 */
export type ResponseBody = 'keep' | 'discard' | 'hash' | 'stream';

/** Settings for name lookup. */
export interface DnsSettings {
  /** How long to cache a lookup. 0 looks the name up for every connection. Default 60 s. */
  readonly ttl?: Duration;
  /** Use only IPv4 (4) or IPv6 (6) addresses. Default 0: both. */
  readonly family?: 0 | 4 | 6;
  /** How a new connection chooses among several addresses. Default `round-robin`. */
  readonly order?: 'round-robin' | 'random' | 'first';
}

/** Engine options from settings. @throws RangeError for an invalid duration */
export function engineOptions(
  settings: HttpSettings,
  now: () => number,
): EngineOptions & { readonly proxy?: string } {
  const { tls, version, sharedConnections, maxStreams, strict, proxy } = settings;
  return {
    now,
    network: networkOptions(settings),
    ...(tls !== undefined && { tls }),
    ...(version !== undefined && { version }),
    ...(sharedConnections !== undefined && { sharedConnections }),
    ...(maxStreams !== undefined && { maxStreams }),
    ...(strict !== undefined && { strict }),
    ...(proxy !== undefined && { proxy }),
  };
}

/** Options of a user's session. @throws RangeError for an invalid duration */
export function sessionOptions(settings: HttpSettings): SessionOptions & { readonly timeouts: Timeouts } {
  const { keepAlive, connectionsPerUser, idleTimeout, timeout, connectTimeout, firstByteTimeout } = settings;
  return {
    keepAlive: keepAlive ?? true,
    ...(connectionsPerUser !== undefined && { maxConnections: connectionsPerUser }),
    ...(idleTimeout !== undefined && { idleTimeoutMs: parseDuration(idleTimeout) }),
    timeouts: {
      ...DEFAULT_TIMEOUTS,
      wholeMs: parseDuration(timeout ?? DEFAULT_TIMEOUTS.wholeMs),
      connectMs: parseDuration(connectTimeout ?? DEFAULT_TIMEOUTS.connectMs),
      headersMs: parseDuration(firstByteTimeout ?? DEFAULT_TIMEOUTS.headersMs),
    },
  };
}

/** Options for lookups and connections. @throws RangeError for an invalid duration */
export function networkOptions({ dns, hosts, localAddresses }: HttpSettings): NetworkOptions {
  return {
    dnsTtlMs: parseDuration(dns?.ttl ?? DEFAULT_DNS_TTL_MS),
    ...(dns?.family !== undefined && { family: dns.family }),
    ...(dns?.order !== undefined && { addressOrder: dns.order }),
    ...(hosts !== undefined && { hosts }),
    ...(localAddresses !== undefined && { localAddresses }),
  };
}
