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
import { ACCEPT_ENCODING } from './coding/codings.js';
import { DefaultHeaders } from './headers.js';
import type { ResponseBody } from './options.js';

/** How the HTTP of a plan behaves; plain data. Requests may override some of it. */
export interface HttpSettings {
  /** `native` is Drumline's own; `undici` is several times dearer, speaks HTTP/1.1 only and knows proxies. Default `native`, `undici` with a `proxy`. */
  readonly engine?: 'native' | 'undici';
  /**
   * `auto`: what the server chooses over TLS (ALPN), HTTP/1.1 without TLS; `1.1`; `2`, which without TLS is spoken at once ("prior
   * knowledge"). Default `auto`.
   */
  readonly version?: VersionChoice;
  /** `http://user:password@proxy:3128`: all requests go through it. Needs the engine `undici`. */
  readonly proxy?: string;
  /** Sent with every request, beside or in place of Drumline's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** From the call to the last byte. Default 60 s; 0 for no limit. */
  readonly timeout?: Duration;
  /** Name look-up, TCP and TLS together. Default 10 s; 0 for no limit. */
  readonly connectTimeout?: Duration;
  /** From the request being sent to the response's head. Default 0: no limit. */
  readonly firstByteTimeout?: Duration;
  /** `false`: a connection for every request. Default `true`. */
  readonly keepAlive?: boolean;
  /** An idle connection is closed after this time, unless the server announces a shorter one. Default 60 s. */
  readonly idleTimeout?: Duration;
  /** Of one user to one origin, at most. Default 6, as in browsers; with HTTP/2 one is used until its streams run out. */
  readonly connectionsPerUser?: number;
  /** So many connections of each lane to an origin, shared by its users in place of their own. HTTP/2 spreads its streams over them. */
  readonly sharedConnections?: number;
  /** HTTP/2 requests on one connection at a time, at most; the server may allow fewer. Default 100. */
  readonly maxStreams?: number;
  /** How many redirects to follow. Default 5. */
  readonly redirects?: number;
  /** `false`: cookies are neither kept nor sent. Default `true`. */
  readonly cookies?: boolean;
  /** `false`: bodies stay as the server sent them. Default `true`. */
  readonly decompress?: boolean;
  /**
   * The largest body, server-sent event or WebSocket message that is held in memory, as received or
   * decompressed. Larger ones fail. Bytes; 0 means no limit. Default 64 MiB.
   */
  readonly maxBodyBytes?: number;
  /** What becomes of the bodies of responses. Default `keep`. */
  readonly responseBody?: ResponseBody;
  /**
   * `true`: responses are malformed that curl, Go and browsers read although the standard forbids
   * them. Otherwise they are read, and the report has a note. For the engine `native`. Default
   * `false`.
   */
  readonly strict?: boolean;
  /** Settings of TLS. */
  readonly tls?: TlsOptions;
  /** Settings of name look-up. */
  readonly dns?: DnsSettings;
  /** Names with the addresses to use in place of a look-up: `{ 'shop.example': '10.0.0.7' }`, or several, or with a port. */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /** Own addresses to connect from, in turn: each gives about 28,000 connections to one target. */
  readonly localAddresses?: readonly string[];
}

export interface DnsSettings {
  /** How long an answer is used; 0 asks for every connection. Default 60 s. */
  readonly ttl?: Duration;
  /** Only addresses of this family. Default 0: both. */
  readonly family?: 0 | 4 | 6;
  /** Which of several addresses a new connection takes. Default `round-robin`. */
  readonly order?: 'round-robin' | 'random' | 'first';
}

/** @throws RangeError if a duration cannot be read */
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

/** @throws RangeError if a duration cannot be read */
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

/** @param version of Drumline, for the `user-agent` */
export function defaultHeaders(settings: HttpSettings, version: string | undefined): DefaultHeaders {
  const headers = new DefaultHeaders({
    'user-agent': version === undefined ? 'Drumline' : `Drumline/${version}`,
    accept: '*/*',
    'accept-encoding': ACCEPT_ENCODING,
  });
  for (const [name, value] of Object.entries(settings.headers ?? {})) headers.set(name, value);
  return headers;
}

/** @throws RangeError if a duration cannot be read */
export function networkOptions({ dns, hosts, localAddresses }: HttpSettings): NetworkOptions {
  return {
    dnsTtlMs: parseDuration(dns?.ttl ?? DEFAULT_DNS_TTL_MS),
    ...(dns?.family !== undefined && { family: dns.family }),
    ...(dns?.order !== undefined && { addressOrder: dns.order }),
    ...(hosts !== undefined && { hosts }),
    ...(localAddresses !== undefined && { localAddresses }),
  };
}
