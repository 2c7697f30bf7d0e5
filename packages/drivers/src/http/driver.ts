import { hostname } from 'node:os';
import { DrumlineError, messageOf, type Sample, type SeriesKey } from '@drumline/model';
import type { DefaultHeaders } from '../calls/headers.js';
import type { StartDelay } from '../calls/start-delay.js';
import { SeriesCatalogs, type SeriesCatalog } from '../calls/series-catalog.js';
import { findForeignAddress } from '../dial/own-addresses.js';
import type {
  EngineOptions,
  EngineRequest,
  ExchangeHandler,
  HttpEngine,
  Oddity,
  SessionOptions,
  Timeouts,
} from '../engine/contract.js';
import { observedEngine } from '../engine/observed.js';
import { createNativeEngine } from '../native/engine.js';
import { DEFAULT_MAX_BODY_BYTES } from '../settings/body-limit.js';
import { engineOptions, sessionOptions, type HttpSettings } from '../settings/http-settings.js';
import { Target } from '../url/target.js';
import type { Call } from './call.js';
import { HttpClient, type ClientParts } from './client.js';
import type { PostToken } from './auth/oauth2.js';
import { defaultHeaders } from './default-headers.js';
import { OutgoingRequests } from './outgoing.js';
import type { PreparedCall } from './prepared-call.js';

export interface HttpDriverOptions extends HttpSettings {
  /** The target of the plan: base of relative URLs. */
  readonly target?: string | undefined;
  /** The monotonic clock of the lane, milliseconds. */
  readonly now: () => number;
  /** Called once for every request that was sent, or that failed before it was sent. */
  readonly onSample: (sample: Sample) => void;
  /** A request was marked as failed after it was recorded as passed. */
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /**
   * A request was resent, at most once. The server may have received it twice.
   * @param bytesSent bytes of the first attempt, which are in no sample
   */
  readonly onResend: (series: SeriesKey, bytesSent: number) => void;
  /**
   * A response violated the standard and was accepted, as by curl, Go and browsers. May be called
   * repeatedly.
   */
  readonly onOddity?: (series: SeriesKey, oddity: Oddity) => void;
  /** Bytes of an event stream that are in no sample: before its first event and after its last. */
  readonly onTransfer: (series: SeriesKey, bytesSent: number, bytesReceived: number) => void;
  /** Version in the `user-agent`. */
  readonly drumlineVersion?: string;
  /**
   * Observes each request as it is sent, for debugging: one of a call, or more with redirects and
   * authentication. `sample` is the call's sample, whose result is known when it is recorded. The
   * returned tap receives the response. If it is absent, calls cost nothing more.
   */
  readonly onExchange?: (request: EngineRequest, sample: Sample) => ExchangeHandler;
}

/** The owner of a client. `user` is the name of the user type. */
interface Owner {
  readonly user: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly delay?: StartDelay;
}

/** The HTTP driver of one lane. It creates a client for each user. */
export class HttpDriver {
  readonly #options: HttpDriverOptions;
  readonly #engine: HttpEngine;
  readonly #target: Target;
  readonly #headers: DefaultHeaders;
  readonly #session: SessionOptions;
  readonly #timeouts: Timeouts;
  readonly #outgoing: OutgoingRequests | undefined;
  #post: PostToken | undefined;
  readonly #catalogs: SeriesCatalogs<PreparedCall>;
  readonly #eventCatalogs: SeriesCatalogs;
  /** Parts of the clients by series catalog: users of one type share them. */
  readonly #parts = new Map<SeriesCatalog<PreparedCall>, ClientParts>();

  private constructor(options: HttpDriverOptions, makeEngine: (options: EngineOptions) => HttpEngine) {
    const session = sessionOptions(options);
    this.#options = options;
    this.#target = new Target(options.target);
    this.#catalogs = new SeriesCatalogs('http', this.#target);
    this.#eventCatalogs = new SeriesCatalogs('sse', this.#target);
    this.#headers = defaultHeaders(options, options.drumlineVersion);
    this.#session = session;
    this.#timeouts = session.timeouts;
    const engine = makeEngine(engineOptions(options, options.now));
    const { onExchange } = options;
    this.#engine =
      onExchange === undefined
        ? engine
        : observedEngine(engine, (request, call) => onExchange(request, (call as Call).tally));
    const post: PostToken = (url, request) => (this.#post ??= this.#postToken())(url, request);
    this.#outgoing = OutgoingRequests.of(options, this.#target.href, post, options.now);
  }

  /**
   * @throws TypeError or RangeError for an invalid target, option or duration
   * @throws DrumlineError if this machine lacks one of `localAddresses`
   */
  static async open(options: HttpDriverOptions): Promise<HttpDriver> {
    await refuseForeignAddresses(options.localAddresses ?? []);
    const driver = new HttpDriver(options, await engineFor(options));
    await driver.#fetchToken();
    return driver;
  }

  /** A client for one user. `tags` are added to all its series. */
  openClient(owner: Owner): HttpClient {
    const series = this.#catalogs.of(owner.user, owner.tags);
    let parts = this.#parts.get(series);
    if (parts === undefined) {
      parts = this.#partsOf(owner, series);
      this.#parts.set(series, parts);
    }
    return new HttpClient(parts, this.#engine.openSession(this.#session), owner.delay);
  }

  /** Closes the connections of every client. Resolves when they are closed. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  /** Fetches the first token, so that users begin with one. */
  async #fetchToken(): Promise<void> {
    try {
      await this.#outgoing?.ready();
    } catch (error) {
      throw new DrumlineError('setup-failed', messageOf(error), 'Check http.oauth2 of the scenario.');
    }
  }

  /** Token requests have a client of their own, without a token. */
  #postToken(): PostToken {
    const owner = { user: '(oauth2)' };
    const parts = { ...this.#partsOf(owner, this.#catalogs.of(owner.user)), outgoing: undefined };
    const client = new HttpClient(parts, this.#engine.openSession(this.#session));
    return (url, options) => client.post(url, options);
  }

  #partsOf(owner: Owner, series: SeriesCatalog<PreparedCall>): ClientParts {
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
      outgoing: this.#outgoing,
    };
  }
}

async function refuseForeignAddresses(addresses: readonly string[]): Promise<void> {
  const foreign = await findForeignAddress(addresses);
  if (foreign === undefined) return;
  throw new DrumlineError(
    'setup-failed',
    `http.localAddresses: ${hostname()} has no address ${foreign}`,
    'Each worker evaluates the scenario, so each can use its own addresses: process.env.LOCAL_ADDRESSES?.split(",").',
  );
}

/** Loads undici only if it is used: loading takes a fifth of a second. */
async function engineFor({
  engine,
  proxy,
  version,
}: HttpSettings): Promise<(options: EngineOptions) => HttpEngine> {
  if (engine === 'native' && proxy !== undefined)
    throw new TypeError("http.proxy needs the engine 'undici': remove http.engine, or set it to 'undici'");
  if ((engine ?? (proxy === undefined ? 'native' : 'undici')) === 'native') return createNativeEngine;
  if (version === '2')
    throw new TypeError(
      "http.version '2' needs the engine 'native' without a proxy: remove http.version, or remove http.engine and http.proxy",
    );
  return (await import('../undici/engine.js')).createUndiciEngine;
}
