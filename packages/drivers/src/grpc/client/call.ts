import type { Outcome, Sample, SeriesKey } from '@drumline/model';
import { InterruptedError, isInterrupted } from '../../calls/interrupted.js';
import { takeStartDelay, type StartDelay } from '../../calls/start-delay.js';
import { phasesOf } from '../../engine/phases.js';
import type { GrpcCall, GrpcEnd, GrpcHandler, GrpcSession, RawMetadata } from '../contract.js';
import { StatusCode, statusName } from '../status.js';
import { evidenceOf } from './evidence.js';
import type { PreparedCall } from './prepared-call.js';
import type { Failable } from './types.js';

/** Where the calls of a lane report. */
export interface CallSink {
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** The user of the call. */
export interface CallOwner {
  readonly sink: CallSink;
  /** The user, if its iterations have due times. */
  readonly delay?: StartDelay | undefined;
  /** The call has ended. */
  ended(call: Call): void;
}

const NONE: RawMetadata = [];

/** The reason for cancelling a call whose user needs no more messages. */
const LEFT = 'the reader left';

/** One call of the user. Gives exactly one sample, or none if nothing was sent. */
export abstract class Call implements GrpcHandler, Failable {
  protected headers = NONE;
  /** Known once the headers have arrived. */
  protected startedAtMs = 0;
  protected ended = false;
  #call: GrpcCall | undefined;
  #recorded = false;
  #failure: string | undefined;
  readonly #lateMs: number;
  /** The error thrown by the user's messages. */
  #thrown: { readonly error: Error } | undefined;

  constructor(
    readonly prepared: PreparedCall,
    protected readonly owner: CallOwner,
  ) {
    this.#lateMs = takeStartDelay(owner.delay);
  }

  /** A response message. */
  abstract onMessage(bytes: Uint8Array, atMs: number): void;
  /** The last message received, for a person to read; undefined without one. */
  protected abstract get lastMessage(): object | Uint8Array | undefined;
  /** Number of messages received. */
  abstract readonly received: number;
  /** The call has an end to record and to return. */
  protected abstract settle(end: GrpcEnd): void;
  /** The call has no result: the user gets the error. */
  protected abstract reject(error: Error): void;

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get traceId(): string | undefined {
    return this.prepared.trace?.traceId;
  }

  /**
   * Whether the call counts as passed. While a function given as `expect` runs, the status decides.
   * @param code status with which the call ended
   */
  passes(code: StatusCode): boolean {
    return this.#failure === undefined && (this.#recorded || this.isExpected(code));
  }

  fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    if (this.#recorded) this.owner.sink.onLateFailure(this.prepared.series, reason);
  }

  start(session: GrpcSession): this {
    this.#call = session.start(this.prepared.request, this);
    return this;
  }

  /** Whether one of its promises is pending. */
  abstract get isPending(): boolean;

  /** Cancels the call at once. Its user gets an InterruptedError. */
  interrupt(): void {
    this.#call?.cancel('interrupted');
  }

  /** Ends the call cleanly: the messages received so far are enough. */
  leave(): void {
    this.#call?.cancel(LEFT);
  }

  /** Ends the call because the user's own messages threw. The user gets that error. */
  breakOff(error: Error): void {
    if (this.ended) return;
    if (isInterrupted(error)) return this.interrupt();
    this.#thrown = { error };
    this.#call?.cancel('its request messages threw an error');
  }

  onHeaders(metadata: RawMetadata, startedAtMs: number): void {
    this.headers = metadata;
    this.startedAtMs = startedAtMs;
  }

  onEnd(end: GrpcEnd): void {
    this.ended = true;
    this.owner.ended(this);
    const { failure, sent } = end;
    if (failure?.class === 'aborted' && failure.message !== LEFT) return this.#endCutOff(end);
    if (failure?.class === 'invalid' && !sent && end.status !== StatusCode.RESOURCE_EXHAUSTED) {
      return this.reject(new TypeError(`${this.label}: ${failure.message}`));
    }
    this.settle(end);
  }

  /** `bank.Accounts/GetBalances`, for messages. */
  get label(): string {
    return this.prepared.request.path.slice(1);
  }

  /** Records the call. A failure reported after this is a late one. */
  protected record(end: GrpcEnd): void {
    this.#record(end, this.#failure === undefined ? 'passed' : 'failed', this.#failure);
    this.#recorded = true;
  }

  protected get engineCall(): GrpcCall {
    return this.#call!;
  }

  /** Whether a status counts as passed. */
  protected isExpected(code: StatusCode): boolean {
    const { expect } = this.prepared;
    if (expect === undefined) return code === StatusCode.OK;
    const name = statusName(code);
    return typeof expect === 'string' ? expect === name : expect.includes(name);
  }

  #endCutOff(end: GrpcEnd): void {
    const thrown = this.#thrown;
    if (end.sent && thrown === undefined) this.#record(end, 'interrupted', undefined);
    else if (end.sent) this.#record(end, 'failed', 'CANCELLED: its request messages threw an error');
    this.reject(thrown === undefined ? new InterruptedError() : thrown.error);
  }

  #record(end: GrpcEnd, outcome: Outcome, failure: string | undefined): void {
    const { timing, bytesSent, bytesReceived } = end;
    const { startedAtMs, endedAtMs, opened } = timing;
    this.owner.sink.onSample({
      series: this.prepared.series,
      outcome,
      failure,
      example: failure === undefined ? undefined : exampleOf(end),
      evidence:
        failure === undefined
          ? undefined
          : () => evidenceOf(this.prepared, end, this.headers, this.received, this.lastMessage),
      ...this.prepared.trace,
      status: statusName(end.status),
      endedAtMs,
      durationUs: Math.round((endedAtMs - startedAtMs) * 1_000),
      lateMs: this.#lateMs,
      bytesSent,
      bytesReceived,
      phases: phasesOf(timing, endedAtMs),
      opened: opened === undefined ? undefined : [opened],
    });
  }
}

/** Details left out of the failure text: the server's message, or the address that refused. */
function exampleOf({ failure, message }: GrpcEnd): string | undefined {
  const example = failure === undefined ? message : failure.detail;
  return example === '' ? undefined : example;
}

/** Whether the user ended the call because the messages received were enough. */
export function wasLeft({ failure }: GrpcEnd): boolean {
  return failure?.class === 'aborted';
}
