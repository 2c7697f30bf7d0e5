import {
  hasUnknownKey,
  parseDuration,
  requireKnownKeys,
  unknownOptions,
  type SeriesKey,
} from '@drumline/model';
import { hasHeader, type DefaultHeaders, type Fields } from '../calls/headers.js';
import { interruptedGate, refuse, type CallGate } from '../calls/interrupted.js';
import type { Route, SeriesCatalog } from '../calls/series-catalog.js';
import type { StartDelay } from '../calls/start-delay.js';
import type { EngineRequest, EngineSession, Timeouts } from '../engine/contract.js';
import { bodyLimitOf } from '../settings/body-limit.js';
import type { ResponseBody } from '../settings/http-settings.js';
import type { ResolvedUrl } from '../url/target.js';
import { authorizationOf, digestOf, requireCredentials, type Credentials } from './auth/credentials.js';
import { encodeBody, encodeFields } from './body.js';
import type { EncodedBody } from './bytes.js';
import { Call } from './call.js';
import { ClientCalls, type CallParts } from './client-calls.js';
import type { Cookies } from './cookies.js';
import { Pause } from './events/pause.js';
import { EventReader } from './events/reader.js';
import { eventRequest } from './events/request.js';
import { EventStream, type EventConnection } from './events/stream.js';
import { EVENT_KEYS, REQUEST_KEYS } from './option-keys.js';
import type { EventOptions, RequestOptions } from './options.js';
import type { PreparedCall } from './prepared-call.js';
import { redirectLimit } from './redirects.js';
import type { HttpResponse } from './response.js';
import { requireExpectation } from './verdict.js';

/** What the clients of one user type share in a lane: settings and callbacks. */
export interface ClientParts extends CallParts {
  readonly series: SeriesCatalog<PreparedCall>;
  /** Series for server-sent events. */
  readonly eventSeries: () => SeriesCatalog;
  /** Shared and read-only: a client copies them before its first change. */
  readonly headers: DefaultHeaders;
  readonly timeoutMs: number;
  /** Limit for the headers of an event stream, milliseconds; 0 means no limit. */
  readonly headMs: number;
  readonly redirects: number | undefined;
  readonly decompress: boolean;
  readonly responseBody: ResponseBody;
  /** 0 means no limit. */
  readonly maxBodyBytes: number;
}

const NO_OPTIONS: RequestOptions = {};

/**
 * An HTTP client for one user, with its own connections, cookies and headers.
 *
 * Each call gives exactly one sample. It covers the time from the call to the last byte of the last
 * response, redirects included.
 *
 * The series is named after `name`, or the path without the query. For origins other than the
 * target's, the origin precedes the path.
 *
 * A request without a response does not throw: it returns a response with status 0.
 * @throws TypeError from every method for an invalid URL, header or option. The call is not
 * counted.
 * @throws InterruptedError from every method once the run has stopped the user
 */
export class HttpClient {
  readonly #parts: ClientParts;
  readonly #calls: ClientCalls;
  #headers: DefaultHeaders | undefined;
  #gate: CallGate | undefined;

  /** @param delay the user, if its iterations have due times */
  constructor(parts: ClientParts, session: EngineSession, delay?: StartDelay) {
    this.#parts = parts;
    this.#calls = new ClientCalls(parts, session, delay);
  }

  /** Sends a `GET` request. */
  get(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('GET', url, options);
  }

  /** Sends a `POST` request. */
  post(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('POST', url, options);
  }

  /** Sends a `PUT` request. */
  put(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('PUT', url, options);
  }

  /** Sends a `PATCH` request. */
  patch(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('PATCH', url, options);
  }

  /** Sends a `DELETE` request. */
  delete(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('DELETE', url, options);
  }

  /** Sends a `HEAD` request. */
  head(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('HEAD', url, options);
  }

  /** Sends an `OPTIONS` request. */
  options(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('OPTIONS', url, options);
  }

  /** Sends a request with any method. */
  request(method: string, url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start(method.toUpperCase(), url, options);
  }

  /** Headers of every request of this user. Change them at any time, for example after a login. */
  get headers(): DefaultHeaders {
    return (this.#headers ??= this.#parts.headers.clone());
  }

  /** The cookies of this user. */
  get cookies(): Cookies {
    return this.#calls.cookies;
  }

  /**
   * Sets the credentials for all later requests of this user. Without an argument, removes them.
   */
  auth(credentials?: Credentials): void {
    requireCredentials(credentials);
    const digest = (this.#calls.digest = digestOf(credentials));
    if (credentials === undefined || digest !== undefined) this.headers.delete('authorization');
    else this.headers.set('authorization', authorizationOf(credentials));
  }

  /**
   * Reads server-sent events (`text/event-stream`) one by one: `for await (const event of
   * http.events('/prices')) { … }`.
   *
   * The request is counted when the stream opens. Its response time ends with the headers. If the
   * stream is cut off later, the request counts as failed.
   *
   * Each event is a sample too (`sse`, the event's type, the request's name). Its time starts at
   * the previous event, or at the request for the first event.
   */
  events(url: string, options: EventOptions = {}): EventStream {
    requireKnownKeys(options, EVENT_KEYS, `events of ${url}`);
    return new EventStream(options, {
      connect: (lastEventId) => this.#listen(url, options, lastEventId),
      pause: (delayMs) => this.#pause(delayMs),
    });
  }

  /** @internal The token for the handshake of a WebSocket; undefined without OAuth 2. */
  tokenFor(origin: string): string | undefined {
    return this.#parts.outgoing?.tokenFor(origin);
  }

  /** @internal Whether a request is waiting for its response. */
  get hasPending(): boolean {
    return this.#calls.hasPending;
  }

  /**
   * Aborts every request in flight, permanently. Requests that the target may have received are
   * recorded as `interrupted`, others not at all. Their callers and all later calls get an
   * InterruptedError.
   */
  interrupt(): void {
    this.#gate = interruptedGate;
    this.#calls.interrupt();
  }

  /**
   * @internal Sets a gate that every call checks first. `undefined` allows calls again, even after
   * `interrupt`. Requests in flight continue. Not valid after `close`.
   */
  setGate(gate: CallGate | undefined): void {
    this.#gate = gate;
  }

  /** Interrupts requests in flight and closes the connections. Resolves when they are closed. */
  async close(): Promise<void> {
    this.interrupt();
    await this.#calls.session.close();
  }

  // Not async: an async function would add a microtask to every request.
  #start(method: string, url: string, options: RequestOptions = NO_OPTIONS): Promise<HttpResponse> {
    const refusal = this.#gate?.();
    if (refusal !== undefined) return refuse(refusal);
    const waiting = this.#parts.outgoing?.ready();
    if (waiting !== undefined) return waiting.then(() => this.#start(method, url, options));
    let prepared: PreparedCall;
    try {
      prepared = this.#prepare(method, url, options);
      this.#parts.outgoing?.requireSendable(prepared.request);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return this.#begin(prepared).done;
  }

  #begin(prepared: PreparedCall): Call {
    const call = new Call(prepared, this.#calls);
    this.#calls.add(call);
    return call;
  }

  #listen(url: string, options: EventOptions, lastEventId: string): EventConnection {
    const { series, eventSeries, headMs, now, onSample, onLateFailure } = this.#parts;
    const maxEventBytes = bodyLimitOf(options, this.#parts.maxBodyBytes);
    const route = series.route(options.method?.toUpperCase() ?? 'GET', url);
    const name = options.name ?? route.url.name;
    const seriesOf = (type: string): SeriesKey => eventSeries().key(type, name, options.tags);
    const reader = new EventReader(lastEventId, { now, seriesOf, onSample, onLateFailure }, maxEventBytes);
    const refusal = this.#gate?.();
    if (refusal !== undefined) return { reader, response: refuse(refusal), leave: () => {} };
    const request = eventRequest(options, lastEventId, headMs);
    const call = this.#begin({ ...this.#compose(route.series.method, route, request), events: reader });
    return { reader, response: call.done, leave: () => call.leave() };
  }

  #pause(delayMs: number): Pause {
    const pause = new Pause(delayMs);
    if (this.#gate === interruptedGate) pause.interrupt();
    this.#calls.add(pause);
    void pause.done.catch(() => {}).finally(() => this.#calls.delete(pause));
    return pause;
  }

  #prepare(method: string, url: string, options: RequestOptions): PreparedCall {
    const route = this.#parts.series.route(method, url);
    if (options !== NO_OPTIONS && hasUnknownKey(options, REQUEST_KEYS))
      throw unknownOptions(options, REQUEST_KEYS, `${method} ${url}`);
    // Without options and with shared headers, all users send the same request.
    if (options !== NO_OPTIONS || this.#headers !== undefined) return this.#compose(method, route, options);
    return (route.prepared ??= this.#compose(method, route, options));
  }

  #compose(
    method: string,
    { url: resolved, series }: Route<PreparedCall>,
    options: RequestOptions,
  ): PreparedCall {
    const parts = this.#parts;
    const body = encodeBody(options);
    const responseBody = options.responseBody ?? parts.responseBody;
    const maxBodyBytes = bodyLimitOf(options, parts.maxBodyBytes);
    const timeoutMs = options.timeout === undefined ? parts.timeoutMs : parseDuration(options.timeout);
    const request: EngineRequest = {
      method,
      origin: resolved.origin,
      path: options.query === undefined ? resolved.path : addQuery(resolved.path, options.query),
      headers: this.#headersFor(options.headers, body, resolved),
      body: body?.bytes,
      receive: responseBody === 'hash' ? 'stream' : responseBody,
      maxBodyBytes,
      keepAlive: options.keepAlive,
      timeouts: timeoutsOf(options, timeoutMs),
    };
    return {
      request,
      series:
        options.name === undefined && options.tags === undefined
          ? series
          : parts.series.key(method, options.name ?? resolved.name, options.tags),
      expect: options.expect === undefined ? undefined : requireExpectation(options.expect),
      maxRedirects: redirectLimit(options.redirects ?? parts.redirects),
      timeoutMs,
      decompress: options.decompress ?? parts.decompress,
      responseBody,
      maxBodyBytes,
    };
  }

  #headersFor(own: Fields | undefined, body: EncodedBody | undefined, url: ResolvedUrl): readonly string[] {
    const defaults = this.#headers ?? this.#parts.headers;
    const headers = own === undefined ? defaults.flat() : defaults.merged(own);
    const needsType = body?.contentType !== undefined && !hasHeader(headers, 'content-type');
    const needsLogin =
      url.authorization !== undefined &&
      this.#calls.digest === undefined &&
      !hasHeader(headers, 'authorization');
    if (!needsType && !needsLogin) return headers;
    return [
      ...headers,
      ...(needsType ? ['content-type', body.contentType!] : []),
      ...(needsLogin ? ['authorization', url.authorization!] : []),
    ];
  }
}

function timeoutsOf(options: RequestOptions, wholeMs: number): Partial<Timeouts> | undefined {
  const { timeout, connectTimeout, firstByteTimeout } = options;
  if (timeout === undefined && connectTimeout === undefined && firstByteTimeout === undefined)
    return undefined;
  return {
    ...(timeout !== undefined && { wholeMs }),
    ...(connectTimeout !== undefined && { connectMs: parseDuration(connectTimeout) }),
    ...(firstByteTimeout !== undefined && { headersMs: parseDuration(firstByteTimeout) }),
  };
}

function addQuery(path: string, query: Fields): string {
  const text = encodeFields(query);
  if (text === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
