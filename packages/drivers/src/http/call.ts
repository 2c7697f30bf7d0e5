import type { Outcome, Sample } from '@drumline/model';
import { InterruptedError } from '../calls/interrupted.js';
import { takeStartDelay } from '../calls/start-delay.js';
import { deliverSoon, type Delivery } from '../dial/turn-end.js';
import type {
  EngineFailure,
  EngineRequest,
  EngineResponse,
  Exchange,
  ExchangeCounts,
  ExchangeHandler,
  ExchangeResult,
  Oddity,
  ResponseHead,
} from '../engine/contract.js';
import { timedOut } from '../engine/failure.js';
import { BodyHash, BodyReader, type BodySink } from './body-reader.js';
import { CallTally } from './call-tally.js';
import type { ClientCalls } from './client-calls.js';
import type { EventReader } from './events/reader.js';
import { evidenceOf } from './evidence.js';
import { isFirstOrigin, isOfTheBody, LEFT, nextRequest, withCookie } from './next-request.js';
import type { PreparedCall } from './prepared-call.js';
import { urlOf } from './redirects.js';
import { ResponseHeaders } from './response-headers.js';
import { HttpResponse } from './response.js';
import { UploadBody } from './upload-body.js';
import { judge } from './verdict.js';

/** Shared by all calls: saves a closure per call. */
const settlers: { resolve: (response: HttpResponse) => void; reject: (reason: Error) => void } = {
  resolve() {},
  reject() {},
};

function takeSettlers(resolve: (response: HttpResponse) => void, reject: (reason: Error) => void): void {
  settlers.resolve = resolve;
  settlers.reject = reject;
}

/** One call of a user: the request, its redirects and the verdict. Gives at most one sample. */
export class Call implements ExchangeHandler, Delivery {
  readonly done: Promise<HttpResponse>;
  readonly tally: CallTally;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (reason: Error) => void;
  /** Without the cookies and credentials, which are added when sending. */
  #request: EngineRequest;
  /** The next request, known from the headers before the response ends. */
  #next: EngineRequest | undefined;
  #exchange: Exchange | undefined;
  #interrupted = false;
  /** Receives the body if it is not kept. */
  #sink: BodySink | undefined;
  #response: HttpResponse | undefined;
  /** The sample of an event stream, recorded when the headers arrived. */
  #recorded: Sample | undefined;

  constructor(
    readonly prepared: PreparedCall,
    private readonly client: ClientCalls,
  ) {
    this.#request = prepared.request;
    this.tally = new CallTally(prepared.series);
    this.tally.lateMs = takeStartDelay(client.delay);
    this.done = new Promise(takeSettlers);
    this.#resolve = settlers.resolve;
    this.#reject = settlers.reject;
    this.#send(prepared.request);
  }

  get isPending(): boolean {
    return this.#response === undefined;
  }

  /** Aborts the call; `done` rejects with an InterruptedError. */
  interrupt(): void {
    this.#interrupted = true;
    this.#exchange?.cancel('interrupted');
  }

  /** Ends the call without an error, with what was received so far. */
  leave(): void {
    this.#exchange?.cancel(LEFT);
  }

  onHead(head: ResponseHead, soFar: ExchangeCounts): void {
    this.tally.status = head.status;
    this.#keepCookies(head);
    if (head.status === 401) this.client.parts.outgoing?.unauthorized(this.#request);
    this.#next = this.#nextRequest(head);
    if (this.#next !== undefined) return queueMicrotask(() => this.#limitBody());
    if (this.#request.receive !== 'stream') return;
    const { responseBody, events, expect } = this.prepared;
    if (responseBody === 'hash') {
      this.#sink = new BodyHash();
      return;
    }
    const reader = events ?? new BodyReader();
    reader.attach(this.#exchange!, () => this.leave());
    const response = (this.#response = this.#respond(head, (this.#sink = reader)));
    if (events !== undefined) return this.#listen(events, response, head, soFar);
    if (this.tally.broken !== undefined) response.fail(this.tally.broken);
    if (typeof expect !== 'function') {
      const reason = judge(response, expect);
      if (typeof reason === 'string') response.fail(reason);
    }
    this.#resolve(response);
  }

  onData(bytes: Uint8Array): void {
    const refusal = this.#sink?.add(bytes);
    if (refusal === undefined) return;
    this.#response?.fail(refusal);
    this.leave();
  }

  onResend(bytesSent: number): void {
    this.tally.sent = true;
    this.client.parts.onResend(this.prepared.series, bytesSent);
  }

  onOddity(oddity: Oddity): void {
    this.client.parts.onOddity(this.prepared.series, oddity);
  }

  onEnd(result: ExchangeResult): void {
    this.tally.add(result);
    const next = this.#next;
    if (next !== undefined && (result.kind === 'response' || isOfTheBody(result))) this.#goOn(next);
    else if (result.kind === 'failed') this.#concludeFailed(result);
    else this.#conclude(result);
  }

  /** Reports a failure after the response was recorded as passed. */
  failLate(reason: string): void {
    this.client.parts.onLateFailure(this.prepared.series, reason);
  }

  #goOn(next: EngineRequest): void {
    if (this.#interrupted) this.#endInterrupted();
    else this.#send(this.#withRemainingTime(next));
  }

  #send(request: EngineRequest): void {
    this.#request = request;
    this.#next = undefined;
    this.tally.status = undefined;
    const { session, cookiesToSend, digest, parts } = this.client;
    let sent = cookiesToSend === undefined ? request : withCookie(request, cookiesToSend);
    if (digest !== undefined && isFirstOrigin(request, this.prepared)) sent = digest.signed(sent);
    if (parts.outgoing !== undefined) sent = parts.outgoing.complete(sent, this.tally);
    this.#exchange = session.exchange(sent, this);
  }

  /** Counts the request if the response is an event stream, otherwise fails it. */
  #listen(events: EventReader, response: HttpResponse, head: ResponseHead, soFar: ExchangeCounts): void {
    const refusal = this.tally.broken ?? events.refusalOf(head);
    if (refusal !== undefined) {
      response.fail(refusal);
      // Not immediately: if the body is complete already, the connection can be reused.
      queueMicrotask(() => this.leave());
      return;
    }
    const nowMs = this.client.parts.now();
    this.#recorded = this.tally.sampleSoFar(soFar, nowMs);
    this.client.parts.onSample(this.#recorded);
    response.markRecorded();
    events.open(nowMs - this.#recorded.durationUs / 1_000);
    this.#resolve(response);
  }

  #nextRequest(head: ResponseHead): EngineRequest | undefined {
    return nextRequest(head, this.#request, this.prepared, this.client.digest, this.tally);
  }

  /** The body of a redirect may never end: waits for it only briefly. */
  #limitBody(): void {
    const exchange = this.#exchange;
    if (this.#next === undefined) return;
    const leave = (): void => {
      if (this.#exchange === exchange && this.#next !== undefined) exchange!.cancel(LEFT);
    };
    setTimeout(leave, NEEDLESS_BODY_MS).unref();
  }

  #keepCookies(head: ResponseHead): void {
    if (!this.client.parts.cookies || head.header('set-cookie') === undefined) return;
    const url = urlOf(this.#request);
    this.client.cookies.store(new ResponseHeaders(head.rawHeaders).getSetCookie(), url);
  }

  #withRemainingTime(next: EngineRequest): EngineRequest {
    const { timeoutMs } = this.prepared;
    if (timeoutMs === 0) return next;
    const spentMs = this.tally.endedAtMs - this.tally.startedAtMs;
    return { ...next, timeouts: { ...next.timeouts, wholeMs: Math.max(1, timeoutMs - spentMs) } };
  }

  #concludeFailed({ failure }: EngineFailure): void {
    if (failure.class === 'aborted') return failure.message === LEFT ? this.#left() : this.#endInterrupted();
    if (failure.class === 'invalid' && !this.tally.sent) {
      return this.#end(new TypeError(`${this.label}: ${failure.message}`));
    }
    const whole = failure.code === 'TIMEOUT_WHOLE' && this.prepared.timeoutMs > 0;
    const message = whole ? timedOut('whole', this.prepared.timeoutMs).message : failure.message;
    this.tally.example = failure.detail;
    const response = this.#response ?? this.#respond(undefined);
    response.fail(message);
    this.#sink?.end(new Error(`${this.label}: ${message}`));
    this.#finish(response);
  }

  #left(): void {
    const response = this.#response ?? this.#respond(undefined);
    if (this.#response === undefined) response.fail('left before there was a response');
    this.#sink?.end(undefined);
    this.#finish(response);
  }

  #conclude(result: EngineResponse): void {
    this.#sink?.end(undefined);
    const response = this.#response ?? this.#respond(result, this.#sink);
    if (this.tally.broken !== undefined) response.fail(this.tally.broken);
    if (!response.failed && (this.#response === undefined || typeof this.prepared.expect === 'function')) {
      const verdict = judge(response, this.prepared.expect);
      if (typeof verdict === 'object') return this.#finishWhenJudged(response, verdict);
      if (verdict !== undefined) response.fail(verdict);
    }
    this.#finish(response);
  }

  #respond(head: ResponseHead | undefined, sink?: BodySink): HttpResponse {
    return new HttpResponse(this, head, this.#request, sink);
  }

  /** An `expect` that never settles must not keep its request out of the report. */
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
    if (failure !== undefined) this.tally.evidence = () => evidenceOf(this.#request, response);
    this.#record(failure === undefined ? 'passed' : 'failed', failure);
    response.markRecorded();
    this.#close();
    this.#response = response;
    deliverSoon(this);
  }

  /** Hands the counted response to the user. */
  deliver(): void {
    this.#resolve(this.#response!);
  }

  #endInterrupted(): void {
    if (this.tally.sent) this.#record('interrupted', undefined);
    this.#end(new InterruptedError());
  }

  #end(reason: Error): void {
    this.#sink?.end(reason);
    this.#close();
    this.#reject(reason);
  }

  #close(): void {
    const { body } = this.prepared.request;
    if (body instanceof UploadBody) body.release();
    this.client.delete(this);
  }

  #record(outcome: Outcome, failure: string | undefined): void {
    const recorded = this.#recorded;
    if (recorded === undefined) {
      this.tally.outcome = outcome;
      this.tally.failure = failure;
      return this.client.parts.onSample(this.tally);
    }
    this.client.parts.onTransfer(
      this.prepared.series,
      this.tally.bytesSent - recorded.bytesSent,
      this.tally.bytesReceived - recorded.bytesReceived - this.prepared.events!.countedBytes,
    );
  }

  /** Label for messages, such as `GET /products`. */
  get label(): string {
    return `${this.prepared.series.method} ${this.prepared.series.name}`;
  }
}

/** Limit for the body of a redirect, milliseconds; then its connection is closed. */
const NEEDLESS_BODY_MS = 100;

const NO_EXCHANGE: Exchange = { cancel() {}, pause() {}, resume() {} };
