import { SeriesCatalogs } from '../calls/series-catalog.js';
import type { StartDelay } from '../calls/start-delay.js';
import { Tracer } from '../calls/tracer.js';
import { Dialler } from '../dial/dialler.js';
import type { Timeouts } from '../engine/contract.js';
import { DEFAULT_MAX_BODY_BYTES } from '../settings/body-limit.js';
import { engineOptions, sessionOptions, type HttpSettings } from '../settings/http-settings.js';
import { Target } from '../url/target.js';
import { WsClient, type UserHttp } from './client.js';
import type { WsSink } from './pending-waits.js';

/** The settings are those of HTTP. WebSockets use those for connecting, timeouts and cookies. */
export interface WsDriverOptions extends HttpSettings, WsSink {
  /** The plan's target: the base of relative URLs. */
  readonly target?: string | undefined;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** The WebSocket driver of one lane: creates a client for each user that needs one. */
export class WsDriver {
  readonly #options: WsDriverOptions;
  readonly #target: Target;
  readonly #timeouts: Timeouts;
  readonly #catalogs: SeriesCatalogs;
  readonly #tracer: Tracer | undefined;
  #dialler: Dialler | undefined;

  /** @throws TypeError or RangeError if the target or a duration is invalid */
  constructor(options: WsDriverOptions) {
    this.#options = options;
    this.#tracer = Tracer.of(options.tracing);
    this.#target = new Target(options.target);
    this.#timeouts = sessionOptions(options).timeouts;
    this.#catalogs = new SeriesCatalogs('ws', this.#target);
  }

  /**
   * Creates a client for one user, which shares headers and cookies with `http`.
   * @param owner `user` is the name of its type, `tags` are added to all its series
   */
  openClient(
    owner: {
      readonly user: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly delay?: StartDelay;
    },
    http: UserHttp,
  ): WsClient {
    const { now, cookies, maxBodyBytes } = this.#options;
    return new WsClient({
      target: this.#target,
      dialler: (this.#dialler ??= this.#openDialler()),
      series: this.#catalogs.of(owner.user, owner.tags),
      sink: this.#options,
      now,
      http,
      delay: owner.delay,
      cookies: cookies ?? true,
      tracer: this.#tracer,
      maxBodyBytes: maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
      timeoutMs: this.#timeouts.wholeMs,
      connectTimeoutMs: this.#timeouts.connectMs,
    });
  }

  #openDialler(): Dialler {
    const { tls, ...options } = engineOptions(this.#options, this.#options.now);
    // WebSockets always start with HTTP/1.1. WebSockets over HTTP/2 (RFC 8441) are not supported.
    return new Dialler({ ...options, ...(tls !== undefined && { tls: { ...tls, alpn: ['http/1.1'] } }) });
  }
}
