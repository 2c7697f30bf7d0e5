import { parseDuration } from '@drumline/model';
import type { EngineRequest } from '../engine/contract.js';
import { encodeBody, encodeFields } from './body.js';
import type { EncodedBody } from './bytes.js';
import { Call, type CallContext, type PreparedCall } from './call.js';
import { Cookies } from './cookies.js';
import { hasHeader, type DefaultHeaders } from './headers.js';
import { InterruptedError } from './interrupted.js';
import type { Fields, RequestOptions } from './options.js';
import { redirectLimit } from './redirects.js';
import type { HttpResponse } from './response.js';
import type { SeriesCatalog } from './series-catalog.js';
import { basicAuthorization, type ResolvedUrl, type Target } from './target.js';

/** What a client shares with the others of its lane, and what tells it where to report. */
export interface ClientParts extends Omit<CallContext, 'cookies'> {
  readonly target: Target;
  readonly series: SeriesCatalog;
  /** Not to be changed: a client that changes its headers makes a copy. */
  readonly headers: DefaultHeaders;
  readonly timeoutMs: number;
  readonly redirects: number | undefined;
  readonly decompress: boolean;
  readonly cookies: boolean;
}

export type Credentials =
  { readonly username: string; readonly password: string } | { readonly bearer: string };

/**
 * HTTP for one user: its own connections, cookies and headers.
 *
 * Every call gives exactly one sample, redirects included, timed from the call to the last byte of the last response.
 * Its series is named by `name`, or else by the path that was asked for, without the query; for another origin than the
 * target's, by origin and path. A request that brings no response does not throw: it returns a response with status 0.
 * @throws TypeError from every method if the URL, headers or options cannot be sent; such a call is not counted
 * @throws InterruptedError from every method when the run has stopped the user
 */
export class HttpClient {
  readonly #parts: ClientParts;
  readonly #calls = new Set<Call>();
  #headers: DefaultHeaders | undefined;
  #cookies: Cookies | undefined;
  #context: CallContext | undefined;
  #interrupted = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  get(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('GET', url, options);
  }

  post(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('POST', url, options);
  }

  put(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('PUT', url, options);
  }

  patch(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('PATCH', url, options);
  }

  delete(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('DELETE', url, options);
  }

  head(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('HEAD', url, options);
  }

  options(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request('OPTIONS', url, options);
  }

  async request(method: string, url: string, options: RequestOptions = {}): Promise<HttpResponse> {
    if (this.#interrupted) {
      // On a later turn of the event loop: a user's loop that catches everything must not starve the lane.
      await new Promise((resolve) => setImmediate(resolve));
      throw new InterruptedError();
    }
    const call = new Call(
      this.#prepare(method.toUpperCase(), url, options),
      (this.#context ??= this.#makeContext()),
    );
    this.#calls.add(call);
    try {
      return await call.run();
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Sent with every request of this user; change them as you like, for example after a login. */
  get headers(): DefaultHeaders {
    return (this.#headers ??= this.#parts.headers.clone());
  }

  get cookies(): Cookies {
    return (this.#cookies ??= new Cookies(this.#parts.target.href));
  }

  /** Sets the `authorization` header of this user; without an argument removes it. */
  auth(credentials?: Credentials): void {
    if (credentials === undefined) this.headers.delete('authorization');
    else this.headers.set('authorization', authorizationOf(credentials));
  }

  /**
   * Cuts off every request in flight, for good. Those the target may have seen are recorded as `interrupted`, the
   * others not at all; their callers and every later call get an InterruptedError.
   */
  interrupt(): void {
    this.#interrupted = true;
    for (const call of this.#calls) call.interrupt();
  }

  /** Interrupts what is in flight and closes the connections; resolves when they are closed. */
  async close(): Promise<void> {
    this.interrupt();
    await this.#parts.session.close();
  }

  #makeContext(): CallContext {
    const { session, onSample, onLateFailure } = this.#parts;
    return { session, onSample, onLateFailure, cookies: this.#parts.cookies ? this.cookies : undefined };
  }

  #prepare(method: string, url: string, options: RequestOptions): PreparedCall {
    const parts = this.#parts;
    const resolved = parts.target.resolve(url);
    const body = encodeBody(options);
    const timeoutMs = options.timeout === undefined ? parts.timeoutMs : parseDuration(options.timeout);
    const request: EngineRequest = {
      method,
      origin: resolved.origin,
      path: options.query === undefined ? resolved.path : addQuery(resolved.path, options.query),
      headers: this.#headersFor(options.headers, body, resolved),
      ...(body !== undefined && { body: body.bytes }),
      ...(options.keepAlive !== undefined && { keepAlive: options.keepAlive }),
      ...(options.timeout !== undefined && { timeouts: { wholeMs: timeoutMs } }),
    };
    return {
      request,
      series: parts.series.key(method, options.name ?? resolved.name, options.tags),
      expect: options.expect,
      maxRedirects: redirectLimit(options.redirects ?? parts.redirects),
      timeoutMs,
      decompress: options.decompress ?? parts.decompress,
    };
  }

  #headersFor(own: Fields | undefined, body: EncodedBody | undefined, url: ResolvedUrl): readonly string[] {
    const defaults = this.#headers ?? this.#parts.headers;
    const headers = own === undefined ? defaults.flat() : defaults.merged(own);
    const extra: string[] = [];
    if (body?.contentType !== undefined && !hasHeader(headers, 'content-type')) {
      extra.push('content-type', body.contentType);
    }
    if (url.authorization !== undefined && !hasHeader(headers, 'authorization')) {
      extra.push('authorization', url.authorization);
    }
    return extra.length === 0 ? headers : [...headers, ...extra];
  }
}

function authorizationOf(credentials: Credentials): string {
  return 'bearer' in credentials
    ? `Bearer ${credentials.bearer}`
    : basicAuthorization(credentials.username, credentials.password);
}

function addQuery(path: string, query: Fields): string {
  const text = encodeFields(query);
  if (text === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
