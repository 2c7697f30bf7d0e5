import { parseDuration, type Duration, type Sample, type SeriesKey } from '@drumline/model';
import {
  DEFAULT_TIMEOUTS,
  type HttpEngine,
  type SessionOptions,
  type TlsOptions,
} from '../engine/contract.js';
import { createUndiciEngine } from '../undici/engine.js';
import { HttpClient } from './client.js';
import { ACCEPT_ENCODING } from './decode.js';
import { DefaultHeaders } from './headers.js';
import { SeriesCatalog } from './series-catalog.js';
import { Target } from './target.js';

/** How the HTTP of a plan behaves; plain data. Requests may override most of it. */
export interface HttpSettings {
  /** Sent with every request, beside or in place of Drumline's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** From the call to the last byte. Default 60 s; 0 for no limit. */
  readonly timeout?: Duration;
  /** Name look-up, TCP and TLS together. Default 10 s; 0 for no limit. */
  readonly connectTimeout?: Duration;
  /** `false`: a connection for every request. Default `true`. */
  readonly keepAlive?: boolean;
  /** Of one user to one origin, at most. Default 6, as in browsers. */
  readonly connectionsPerUser?: number;
  /** How many redirects to follow. Default 5. */
  readonly redirects?: number;
  /** `false`: cookies are neither kept nor sent. Default `true`. */
  readonly cookies?: boolean;
  /** `false`: bodies stay as the server sent them. Default `true`. */
  readonly decompress?: boolean;
  readonly tls?: TlsOptions;
}

export interface HttpDriverOptions extends HttpSettings {
  /** The plan's target: the base of relative URLs. */
  readonly target?: string | undefined;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Called once for every request that was sent, or that failed before it could be. */
  readonly onSample: (sample: Sample) => void;
  /** A request already recorded as passed was declared failed by the user. */
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** For the `user-agent`. */
  readonly version?: string;
  /** Default: undici. */
  readonly engine?: HttpEngine;
}

/** The HTTP of one lane: hands a client to every user. */
export class HttpDriver {
  readonly #options: HttpDriverOptions;
  readonly #engine: HttpEngine;
  readonly #target: Target;
  readonly #headers: DefaultHeaders;
  readonly #session: SessionOptions;
  readonly #timeoutMs: number;
  readonly #catalogs = new Map<string, SeriesCatalog>();

  /** @throws TypeError or RangeError if the target, the TLS options or a duration cannot be used */
  constructor(options: HttpDriverOptions) {
    const { now, tls } = options;
    this.#options = options;
    this.#target = new Target(options.target);
    this.#headers = defaultHeaders(options);
    this.#timeoutMs = parseDuration(options.timeout ?? DEFAULT_TIMEOUTS.wholeMs);
    this.#session = {
      keepAlive: options.keepAlive ?? true,
      ...(options.connectionsPerUser !== undefined && { maxConnections: options.connectionsPerUser }),
      timeouts: {
        wholeMs: this.#timeoutMs,
        connectMs: parseDuration(options.connectTimeout ?? DEFAULT_TIMEOUTS.connectMs),
      },
    };
    this.#engine = options.engine ?? createUndiciEngine({ now, ...(tls !== undefined && { tls }) });
  }

  /** A client for one user; `user` is the name of its type, `tags` go on all its series. */
  openClient(owner: { readonly user: string; readonly tags?: Readonly<Record<string, string>> }): HttpClient {
    const { onSample, onLateFailure, redirects, decompress, cookies } = this.#options;
    return new HttpClient({
      session: this.#engine.openSession(this.#session),
      target: this.#target,
      series: this.#catalog(owner.user, owner.tags ?? {}),
      headers: this.#headers,
      timeoutMs: this.#timeoutMs,
      redirects,
      decompress: decompress ?? true,
      cookies: cookies ?? true,
      onSample,
      onLateFailure,
    });
  }

  /** Closes the connections of every client; resolves when they are closed. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  #catalog(user: string, tags: Readonly<Record<string, string>>): SeriesCatalog {
    const id = JSON.stringify([user, tags]);
    let catalog = this.#catalogs.get(id);
    if (catalog === undefined) {
      catalog = new SeriesCatalog(user, tags);
      this.#catalogs.set(id, catalog);
    }
    return catalog;
  }
}

function defaultHeaders(options: HttpDriverOptions): DefaultHeaders {
  const headers = new DefaultHeaders({
    'user-agent': options.version === undefined ? 'Drumline' : `Drumline/${options.version}`,
    accept: '*/*',
    'accept-encoding': ACCEPT_ENCODING,
  });
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  return headers;
}
