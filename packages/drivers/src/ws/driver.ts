import { parseDuration } from '@drumline/model';
import { Dialler } from '../dial/dialler.js';
import { DEFAULT_TIMEOUTS } from '../engine/contract.js';
import type { HttpClient } from '../http/client.js';
import type { HttpSettings } from '../http/driver.js';
import { SeriesCatalog } from '../http/series-catalog.js';
import { Target } from '../http/target.js';
import { WsClient } from './client.js';
import type { WsSink } from './pending-waits.js';

/** The settings are those of HTTP, as far as they are about connecting. */
export interface WsDriverOptions
  extends WsSink, Pick<HttpSettings, 'timeout' | 'connectTimeout' | 'cookies' | 'tls'> {
  /** The plan's target: the base of relative URLs. */
  readonly target?: string | undefined;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** The WebSockets of one lane: hands a client to every user that wants one. */
export class WsDriver {
  readonly #options: WsDriverOptions;
  readonly #target: Target;
  readonly #timeoutMs: number;
  readonly #connectTimeoutMs: number;
  readonly #catalogs = new Map<string, SeriesCatalog>();
  #dialler: Dialler | undefined;

  /** @throws TypeError or RangeError if the target or a duration cannot be used */
  constructor(options: WsDriverOptions) {
    this.#options = options;
    this.#target = new Target(options.target);
    this.#timeoutMs = parseDuration(options.timeout ?? DEFAULT_TIMEOUTS.wholeMs);
    this.#connectTimeoutMs = parseDuration(options.connectTimeout ?? DEFAULT_TIMEOUTS.connectMs);
  }

  /**
   * A client for one user, who has headers and cookies in common with `http`.
   * @param owner `user` is the name of its type, `tags` go on all its series
   */
  openClient(
    owner: { readonly user: string; readonly tags?: Readonly<Record<string, string>> },
    http: HttpClient,
  ): WsClient {
    const { now, tls, cookies } = this.#options;
    this.#dialler ??= new Dialler({ now, ...(tls !== undefined && { tls }) });
    return new WsClient({
      target: this.#target,
      dialler: this.#dialler,
      series: this.#catalog(owner.user, owner.tags ?? {}),
      sink: this.#options,
      now,
      http,
      cookies: cookies ?? true,
      timeoutMs: this.#timeoutMs,
      connectTimeoutMs: this.#connectTimeoutMs,
    });
  }

  #catalog(user: string, tags: Readonly<Record<string, string>>): SeriesCatalog {
    const id = JSON.stringify([user, tags]);
    let catalog = this.#catalogs.get(id);
    if (catalog === undefined) {
      catalog = new SeriesCatalog(user, tags, 'ws');
      this.#catalogs.set(id, catalog);
    }
    return catalog;
  }
}
