import { hostname } from 'node:os';
import { DrumlineError, type Sample, type SeriesKey } from '@drumline/model';
import { findForeignAddress } from '../dial/own-addresses.js';
import type { EngineOptions, HttpEngine, Oddity, SessionOptions, Timeouts } from '../engine/contract.js';
import { createNativeEngine } from '../native/engine.js';
import { DEFAULT_MAX_BODY_BYTES } from './body-limit.js';
import { HttpClient, type ClientParts } from './client.js';
import type { DefaultHeaders } from './headers.js';
import { SeriesCatalogs, type SeriesCatalog } from './series-catalog.js';
import { defaultHeaders, engineOptions, sessionOptions, type HttpSettings } from './settings.js';
import { Target } from './target.js';

export interface HttpDriverOptions extends HttpSettings {
  /** The plan's target: the base of relative URLs. */
  readonly target?: string | undefined;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Called once for every request that was sent, or that failed before it could be. */
  readonly onSample: (sample: Sample) => void;
  /** A request already recorded as passed was declared failed by the user. */
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /**
   * A request was sent again, once at most. The server may have seen it twice.
   * @param bytesSent the first time; they are in no sample
   */
  readonly onResend: (series: SeriesKey, bytesSent: number) => void;
  /**
   * A response had what the standard forbids, and was read as curl, Go and browsers read it. May be
   * told again and again.
   */
  readonly onOddity?: (series: SeriesKey, oddity: Oddity) => void;
  /** Bytes of a stream that belong to no sample: what came in between its request and its first event, and after its last one. */
  readonly onTransfer: (series: SeriesKey, bytesSent: number, bytesReceived: number) => void;
  /** For the `user-agent`. */
  readonly drumlineVersion?: string;
}

/** Whose client it is: `user` is the name of the user type. */
interface Owner {
  readonly user: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The HTTP of one lane: hands a client to every user. */
export class HttpDriver {
  readonly #options: HttpDriverOptions;
  readonly #engine: HttpEngine;
  readonly #target: Target;
  readonly #headers: DefaultHeaders;
  readonly #session: SessionOptions;
  readonly #timeouts: Timeouts;
  readonly #catalogs: SeriesCatalogs;
  readonly #eventCatalogs: SeriesCatalogs;
  /** By what they count in: users of one type share theirs. */
  readonly #parts = new Map<SeriesCatalog, ClientParts>();

  private constructor(options: HttpDriverOptions, makeEngine: (options: EngineOptions) => HttpEngine) {
    const session = sessionOptions(options);
    this.#options = options;
    this.#target = new Target(options.target);
    this.#catalogs = new SeriesCatalogs('http', this.#target);
    this.#eventCatalogs = new SeriesCatalogs('sse', this.#target);
    this.#headers = defaultHeaders(options, options.drumlineVersion);
    this.#session = session;
    this.#timeouts = session.timeouts;
    this.#engine = makeEngine(engineOptions(options, options.now));
  }

  /**
   * @throws TypeError or RangeError if the target, the TLS or network options or a duration cannot be used
   * @throws DrumlineError if this machine lacks one of `localAddresses`
   */
  static async open(options: HttpDriverOptions): Promise<HttpDriver> {
    await refuseForeignAddresses(options.localAddresses ?? []);
    return new HttpDriver(options, await engineFor(options));
  }

  /** A client for one user; `tags` go on all its series. */
  openClient(owner: Owner): HttpClient {
    const series = this.#catalogs.of(owner.user, owner.tags);
    let parts = this.#parts.get(series);
    if (parts === undefined) {
      parts = this.#partsOf(owner, series);
      this.#parts.set(series, parts);
    }
    return new HttpClient(parts, this.#engine.openSession(this.#session));
  }

  /** Closes the connections of every client; resolves when they are closed. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  #partsOf(owner: Owner, series: SeriesCatalog): ClientParts {
    const { onSample, onLateFailure, onResend, onTransfer, onOddity = () => {}, now } = this.#options;
    const { redirects, decompress, cookies, responseBody, maxBodyBytes } = this.#options;
    const { wholeMs, headersMs } = this.#timeouts;
    return {
      target: this.#target.href,
      series,
      eventSeries: () => this.#eventCatalogs.of(owner.user, owner.tags),
      headers: this.#headers,
      timeoutMs: wholeMs,
      headMs: headersMs === 0 ? wholeMs : headersMs,
      redirects,
      decompress: decompress ?? true,
      responseBody: responseBody ?? 'keep',
      maxBodyBytes: maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
      cookies: cookies ?? true,
      onSample,
      onLateFailure,
      onResend,
      onTransfer,
      onOddity,
      now,
    };
  }
}

async function refuseForeignAddresses(addresses: readonly string[]): Promise<void> {
  const foreign = await findForeignAddress(addresses);
  if (foreign === undefined) return;
  throw new DrumlineError(
    'setup-failed',
    `http.localAddresses: ${hostname()} has no address ${foreign}`,
    'The scenario is read on every worker, which can say its own: process.env.LOCAL_ADDRESSES?.split(",").',
  );
}

/** undici is loaded only where it is used: loading takes a fifth of a second. */
async function engineFor({
  engine,
  proxy,
  version,
}: HttpSettings): Promise<(options: EngineOptions) => HttpEngine> {
  if (engine === 'native' && proxy !== undefined)
    throw new TypeError("http.proxy needs http.engine: 'undici' (or leave engine out)");
  if ((engine ?? (proxy === undefined ? 'native' : 'undici')) === 'native') return createNativeEngine;
  if (version === '2') throw new TypeError("http.version '2' needs http.engine: 'native', and no proxy");
  return (await import('../undici/engine.js')).createUndiciEngine;
}
