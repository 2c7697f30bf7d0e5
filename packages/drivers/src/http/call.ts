import type { Outcome, Sample, SeriesKey } from '@drumline/model';
import type {
  EngineFailure,
  EngineRequest,
  EngineResponse,
  EngineSession,
  Exchange,
  ExchangeResult,
} from '../engine/contract.js';
import { timedOut } from '../engine/failure.js';
import type { Cookies } from './cookies.js';
import { hasHeader } from './headers.js';
import { InterruptedError } from './interrupted.js';
import type { Expectation } from './options.js';
import { followUp } from './redirects.js';
import { ResponseHeaders } from './response-headers.js';
import { HttpResponse } from './response.js';
import { judge, VerdictState } from './verdict.js';

/** A user's request, ready to be sent. */
export interface PreparedCall {
  readonly request: EngineRequest;
  readonly series: SeriesKey;
  readonly expect: Expectation | undefined;
  readonly maxRedirects: number;
  /** For the whole chain; 0 for no limit. */
  readonly timeoutMs: number;
  readonly decompress: boolean;
}

/** What a call needs of its client. */
export interface CallContext {
  readonly session: EngineSession;
  /** Undefined where cookies are switched off. */
  readonly cookies: Cookies | undefined;
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
}

/** One call of the user: the request, the redirects after it, the verdict, and exactly one sample, or none if nothing was sent. */
export class Call {
  readonly #verdict = new VerdictState();
  readonly #redirects: string[] = [];
  #exchange: Exchange | undefined;
  #interrupted = false;
  #wake: (() => void) | undefined;
  #first: ExchangeResult | undefined;
  #sent = false;
  #bytesSent = 0;
  #bytesReceived = 0;

  constructor(
    private readonly prepared: PreparedCall,
    private readonly context: CallContext,
  ) {}

  /** @throws InterruptedError if it was cut off; TypeError if the request cannot be sent as it is */
  async run(): Promise<HttpResponse> {
    let request = this.prepared.request;
    for (;;) {
      const full = this.#complete(request);
      const result = await new Promise<ExchangeResult>((resolve) => {
        this.#exchange = this.context.session.exchange(full, { onEnd: resolve });
      });
      this.#count(result);
      if (result.kind === 'failed') return this.#concludeFailed(result, request);
      this.#keepCookies(result, request);
      const next = this.prepared.maxRedirects > 0 ? followUp(result, request) : undefined;
      if (next === undefined) return this.#conclude(result, request);
      if (this.#redirects.length >= this.prepared.maxRedirects) {
        this.#verdict.fail(`too many redirects (${this.prepared.maxRedirects})`);
        return this.#conclude(result, request);
      }
      if (this.#interrupted) this.#throwInterrupted(result);
      this.#redirects.push(urlOf(request));
      request = this.#withRemainingTime(next, result);
    }
  }

  /** Cuts the call off at once; `run` rejects. */
  interrupt(): void {
    this.#interrupted = true;
    this.#exchange?.cancel('interrupted');
    this.#wake?.();
  }

  #complete(request: EngineRequest): EngineRequest {
    const cookie = this.context.cookies?.header(urlOf(request));
    if (!cookie || hasHeader(request.headers, 'cookie')) return request;
    return { ...request, headers: [...request.headers, 'cookie', cookie] };
  }

  #count(result: ExchangeResult): void {
    this.#first ??= result;
    this.#sent ||= result.kind === 'response' || result.sent;
    this.#bytesSent += result.bytesSent;
    this.#bytesReceived += result.bytesReceived;
  }

  #keepCookies(response: EngineResponse, request: EngineRequest): void {
    if (this.context.cookies === undefined || response.header('set-cookie') === undefined) return;
    this.context.cookies.store(new ResponseHeaders(response.rawHeaders).getSetCookie(), urlOf(request));
  }

  #withRemainingTime(next: EngineRequest, last: ExchangeResult): EngineRequest {
    const { timeoutMs } = this.prepared;
    if (timeoutMs === 0) return next;
    const spentMs = last.timing.endedAtMs - this.#startedAtMs;
    return { ...next, timeouts: { ...next.timeouts, wholeMs: Math.max(1, timeoutMs - spentMs) } };
  }

  #concludeFailed(result: EngineFailure, request: EngineRequest): HttpResponse {
    const { failure } = result;
    if (failure.class === 'aborted') this.#throwInterrupted(result);
    if (failure.class === 'invalid' && !this.#sent) throw new TypeError(`${this.#label}: ${failure.message}`);
    const wholeTimeout = failure.code === 'TIMEOUT_WHOLE' && this.prepared.timeoutMs > 0;
    this.#verdict.fail(wholeTimeout ? timedOut('whole', this.prepared.timeoutMs).message : failure.message);
    const response = this.#response(result, request);
    this.#record(result);
    return response;
  }

  async #conclude(result: EngineResponse, request: EngineRequest): Promise<HttpResponse> {
    const response = this.#response(result, request);
    if (!response.failed) {
      const verdict = judge(response, this.prepared.expect);
      const reason = typeof verdict === 'object' ? await this.#unlessInterrupted(verdict, result) : verdict;
      if (reason !== undefined) this.#verdict.fail(reason);
    }
    this.#record(result);
    return response;
  }

  /** User code that never answers must not keep its request out of the report. */
  async #unlessInterrupted<T>(pending: Promise<T>, result: ExchangeResult): Promise<T> {
    const interrupted = new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#interrupted) this.#wake?.();
    const winner = await Promise.race([pending.then((value) => ({ value })), interrupted]);
    return winner === undefined ? this.#throwInterrupted(result) : winner.value;
  }

  #throwInterrupted(result: ExchangeResult): never {
    if (this.#sent) this.context.onSample(this.#sample('interrupted', result));
    throw new InterruptedError();
  }

  #record(result: ExchangeResult): void {
    this.context.onSample(this.#sample(this.#verdict.failure === undefined ? 'passed' : 'failed', result));
    const { series } = this.prepared;
    this.#verdict.markRecorded((reason) => this.context.onLateFailure(series, reason));
  }

  #sample(outcome: Outcome, result: ExchangeResult): Sample {
    const { endedAtMs } = result.timing;
    return {
      series: this.prepared.series,
      outcome,
      ...(outcome === 'failed' && { failure: this.#verdict.failure! }),
      endedAtMs,
      durationUs: Math.round((endedAtMs - this.#startedAtMs) * 1_000),
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }

  #response(result: ExchangeResult, request: EngineRequest): HttpResponse {
    const { timing } = result;
    const answered = result.kind === 'response';
    const sentAt = timing.sentAtMs ?? timing.endedAtMs;
    const firstByteAt = timing.firstByteAtMs ?? timing.endedAtMs;
    const connect = timing.opened;
    return new HttpResponse(
      {
        label: this.#label,
        status: answered ? result.status : 0,
        statusText: answered ? result.statusText : '',
        rawHeaders: () => (answered ? result.rawHeaders : []),
        body: answered ? result.body : new Uint8Array(0),
        decompress: this.prepared.decompress,
        url: urlOf(request),
        redirects: this.#redirects,
        durationMs: timing.endedAtMs - this.#startedAtMs,
        timing: {
          connectMs: connect === undefined ? 0 : connect.dnsMs + connect.tcpMs + connect.tlsMs,
          waitMs: firstByteAt - sentAt,
          receiveMs: timing.endedAtMs - firstByteAt,
        },
      },
      this.#verdict,
    );
  }

  get #startedAtMs(): number {
    return this.#first!.timing.startedAtMs;
  }

  get #label(): string {
    return `${this.prepared.series.method} ${this.prepared.series.name}`;
  }
}

function urlOf(request: EngineRequest): string {
  return request.origin + request.path;
}
