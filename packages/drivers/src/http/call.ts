import type { Outcome, Sample, SeriesKey } from '@drumline/model';
import type {
  EngineFailure,
  EngineRequest,
  EngineResponse,
  EngineSession,
  Exchange,
  ExchangeHandler,
  ExchangeResult,
  ResponseHead,
} from '../engine/contract.js';
import { timedOut } from '../engine/failure.js';
import { BodyReader } from './body-reader.js';
import { CallTally } from './call-tally.js';
import type { Cookies } from './cookies.js';
import { hasHeader } from './headers.js';
import { InterruptedError } from './interrupted.js';
import type { Expectation, ResponseBody } from './options.js';
import { followUp } from './redirects.js';
import { ResponseHeaders } from './response-headers.js';
import { HttpResponse } from './response.js';
import { judge } from './verdict.js';

/** A user's request, ready to be sent. */
export interface PreparedCall {
  readonly request: EngineRequest;
  readonly series: SeriesKey;
  readonly expect: Expectation | undefined;
  readonly maxRedirects: number;
  /** For the whole chain; 0 for no limit. */
  readonly timeoutMs: number;
  readonly decompress: boolean;
  readonly responseBody: ResponseBody;
}

/** What a call needs of its client. */
export interface CallContext {
  readonly session: EngineSession;
  /** Undefined where cookies are switched off. */
  readonly cookies: Cookies | undefined;
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** Answers a challenge for credentials; undefined where there is nothing to answer with. */
  readonly answerChallenge?:
    ((response: EngineResponse, request: EngineRequest) => EngineRequest | undefined) | undefined;
  /** The call has ended. */
  readonly onEnd: (call: Call) => void;
}

/** One call of the user: the request, the redirects after it, the verdict, and exactly one sample, or none if nothing was sent. */
export class Call implements ExchangeHandler {
  readonly done: Promise<HttpResponse>;
  readonly #tally = new CallTally();
  #resolve!: (response: HttpResponse) => void;
  #reject!: (reason: Error) => void;
  #request: EngineRequest;
  #exchange: Exchange | undefined;
  #redirects: string[] | undefined;
  #challenged = false;
  #interrupted = false;
  /** The response whose body is being read, or hashed, while it comes in. */
  #reader: BodyReader | undefined;
  #response: HttpResponse | undefined;

  constructor(
    readonly prepared: PreparedCall,
    private readonly context: CallContext,
  ) {
    this.#request = prepared.request;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#send(prepared.request);
  }

  get redirects(): readonly string[] {
    return this.#redirects ?? [];
  }

  get tally(): CallTally {
    return this.#tally;
  }

  /** Cuts the call off at once; `done` rejects with an InterruptedError. */
  interrupt(): void {
    this.#interrupted = true;
    this.#exchange?.cancel('interrupted');
  }

  onHead(head: ResponseHead): void {
    if (this.#goesOn(head)) return;
    this.#reader = new BodyReader(this.prepared.responseBody === 'hash', this.#exchange!);
    if (this.prepared.responseBody !== 'stream') return;
    const response = new HttpResponse(this, head, urlOf(this.#request), this.#reader);
    this.#response = response;
    this.#reader.onLeave = () => this.#exchange?.cancel(LEFT);
    if (this.prepared.expect === undefined || typeof this.prepared.expect !== 'function') {
      const reason = judge(response, this.prepared.expect);
      if (typeof reason === 'string') response.fail(reason);
    }
    this.#resolve(response);
  }

  onData(bytes: Uint8Array): void {
    this.#reader?.add(bytes);
  }

  onEnd(result: ExchangeResult): void {
    this.#tally.add(result);
    if (result.kind === 'failed') return this.#concludeFailed(result);
    const request = this.#request;
    this.#keepCookies(result, request);
    const next = this.#nextRequest(result, request);
    if (next === undefined) return this.#conclude(result);
    if (this.#interrupted) return this.#endInterrupted();
    this.#send(this.#withRemainingTime(next));
  }

  /** A response that was recorded as passed is declared failed. */
  failLate(reason: string): void {
    this.context.onLateFailure(this.prepared.series, reason);
  }

  #send(request: EngineRequest): void {
    this.#request = request;
    const { cookies } = this.context;
    this.#exchange = this.context.session.exchange(
      cookies === undefined ? request : withCookie(request, cookies),
      this,
    );
  }

  /** Whether another request may follow, so that this is not the response that was asked for. */
  #goesOn(head: ResponseHead): boolean {
    if (head.status === 401 && !this.#challenged) return this.context.answerChallenge !== undefined;
    return this.prepared.maxRedirects > 0 && followUp(head, this.#request) !== undefined;
  }

  #nextRequest(response: EngineResponse, request: EngineRequest): EngineRequest | undefined {
    if (response.status === 401 && !this.#challenged) {
      const answer = this.context.answerChallenge?.(response, request);
      this.#challenged = true;
      if (answer !== undefined) return answer;
    }
    if (response.status < 300 || response.status > 399 || this.prepared.maxRedirects === 0) return undefined;
    const next = followUp(response, request);
    if (next === undefined) return undefined;
    if (this.redirects.length >= this.prepared.maxRedirects) {
      this.#tally.failure = `too many redirects (${this.prepared.maxRedirects})`;
      return undefined;
    }
    if (next.body !== undefined && !(next.body instanceof Uint8Array)) {
      this.#tally.failure = 'a streamed body cannot be sent again to where the redirect points';
      return undefined;
    }
    (this.#redirects ??= []).push(urlOf(request));
    return next;
  }

  #keepCookies(response: EngineResponse, request: EngineRequest): void {
    if (this.context.cookies === undefined || response.header('set-cookie') === undefined) return;
    this.context.cookies.store(new ResponseHeaders(response.rawHeaders).getSetCookie(), urlOf(request));
  }

  #withRemainingTime(next: EngineRequest): EngineRequest {
    const { timeoutMs } = this.prepared;
    if (timeoutMs === 0) return next;
    const spentMs = this.#tally.endedAtMs - this.#tally.startedAtMs;
    return { ...next, timeouts: { ...next.timeouts, wholeMs: Math.max(1, timeoutMs - spentMs) } };
  }

  #concludeFailed(result: EngineFailure): void {
    const { failure } = result;
    if (failure.class === 'aborted') {
      return failure.message === LEFT ? this.#finish(this.#response!) : this.#endInterrupted();
    }
    if (failure.class === 'invalid' && !this.#tally.sent) {
      return this.#end(new TypeError(`${this.label}: ${failure.message}`));
    }
    const whole = failure.code === 'TIMEOUT_WHOLE' && this.prepared.timeoutMs > 0;
    const message = whole ? timedOut('whole', this.prepared.timeoutMs).message : failure.message;
    const response = this.#response ?? new HttpResponse(this, undefined, urlOf(this.#request), undefined);
    response.fail(message);
    this.#reader?.end(new Error(`${this.label}: ${message}`));
    this.#finish(response);
  }

  #conclude(result: EngineResponse): void {
    this.#reader?.end(undefined);
    const response = this.#response ?? new HttpResponse(this, result, urlOf(this.#request), this.#reader);
    if (this.#tally.failure !== undefined) response.fail(this.#tally.failure);
    if (!response.failed && (this.#response === undefined || typeof this.prepared.expect === 'function')) {
      const verdict = judge(response, this.prepared.expect);
      if (typeof verdict === 'object') return this.#finishWhenJudged(response, verdict);
      if (verdict !== undefined) response.fail(verdict);
    }
    this.#finish(response);
  }

  /** User code that never answers must not keep its request out of the report. */
  #finishWhenJudged(response: HttpResponse, verdict: Promise<string | undefined>): void {
    let open = true;
    const once = (action: () => void): void => {
      if (!open) return;
      open = false;
      action();
    };
    this.#exchange = { ...NO_EXCHANGE, cancel: () => once(() => this.#endInterrupted()) };
    if (this.#interrupted) return this.interrupt();
    void verdict.then((reason) =>
      once(() => {
        if (reason !== undefined) response.fail(reason);
        this.#finish(response);
      }),
    );
  }

  #finish(response: HttpResponse): void {
    const { failure } = response;
    this.#record(failure === undefined ? 'passed' : 'failed', failure);
    response.markRecorded();
    this.context.onEnd(this);
    this.#resolve(response);
  }

  #endInterrupted(): void {
    if (this.#tally.sent) this.#record('interrupted', undefined);
    this.#end(new InterruptedError());
  }

  #end(reason: Error): void {
    this.#reader?.end(reason);
    this.context.onEnd(this);
    this.#reject(reason);
  }

  #record(outcome: Outcome, failure: string | undefined): void {
    this.context.onSample(this.#tally.sample(this.prepared.series, outcome, failure));
  }

  /** `GET /products`, for messages. */
  get label(): string {
    return `${this.prepared.series.method} ${this.prepared.series.name}`;
  }
}

/** Why an exchange is cut off whose reader has read enough. */
const LEFT = 'the reader left';

const NO_EXCHANGE: Exchange = { cancel() {}, pause() {}, resume() {} };

function withCookie(request: EngineRequest, cookies: Cookies): EngineRequest {
  if (cookies.isEmpty) return request;
  const cookie = cookies.header(urlOf(request));
  if (!cookie || hasHeader(request.headers, 'cookie')) return request;
  return { ...request, headers: [...request.headers, 'cookie', cookie] };
}

function urlOf(request: EngineRequest): string {
  return request.origin + request.path;
}
