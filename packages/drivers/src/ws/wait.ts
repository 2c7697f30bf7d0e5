import {
  formatDuration,
  type FailureEvidence,
  type Outcome,
  type Sample,
  type SeriesKey,
} from '@drumline/model';
import { InterruptedError } from '../calls/interrupted.js';
import { takeStartDelay, type StartDelay } from '../calls/start-delay.js';
import type { Transfer } from './bytes.js';
import { WsError } from './failure.js';

/** What only some waits know of their sample. */
export type SampleDetails = Pick<Sample, 'phases' | 'opened' | 'example' | 'traceId' | 'spanId' | 'status'>;

/** What a wait needs from its connection. */
export interface WaitContext {
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly onSample: (sample: Sample) => void;
  /** The bytes to count with the sample. */
  readonly takeBytes: () => Transfer;
  /** The user, if its iterations have due times. */
  readonly delay?: StartDelay | undefined;
  /** Further details of the sample. */
  readonly details?: (endedAtMs: number) => SampleDetails;
}

/** The longest delay that timers support, milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** A pending wait of a user. It ends once and then gives one sample. */
export class CountedWait<T> {
  readonly done: Promise<T>;
  readonly #atEnd: (() => void)[] = [];
  #over = false;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #lateMs: number;
  /** Shows what was sent and received, once the wait has failed. */
  evidence: (() => FailureEvidence) | undefined;
  /** Code of the close that ends the wait. */
  closeCode: number | undefined;

  constructor(
    readonly series: SeriesKey,
    private readonly startedAtMs: number,
    /** 0 for no limit. */
    private readonly timeoutMs: number,
    private readonly context: WaitContext,
  ) {
    this.#lateMs = takeStartDelay(context.delay);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Starts the timeout; `what` is `no pong`, for example. */
  limit(what: string, onTimeout = (failure: string): void => this.fail(failure)): void {
    if (this.timeoutMs === 0) return;
    const expire = (): void => {
      if (!this.#over) onTimeout(`${what} within ${formatDuration(this.timeoutMs)}`);
    };
    // Timers fire before sockets are read in a turn of the event loop. Data that arrived in time is
    // read first.
    this.#timer = setTimeout(() => setImmediate(expire), Math.min(this.timeoutMs, LONGEST_MS));
  }

  /** Calls back when the wait ends, for any reason. */
  atEnd(action: () => void): void {
    this.#atEnd.push(action);
  }

  /** Milliseconds from the start. */
  durationMs(endedAtMs: number): number {
    return Math.max(0, endedAtMs - this.startedAtMs);
  }

  pass(value: T, endedAtMs: number): void {
    if (this.#end('passed', endedAtMs)) this.#resolve(value);
  }

  /** @param thrown what the user's code gets in place of a WsError */
  fail(failure: string, thrown?: unknown, endedAtMs = this.context.now()): void {
    if (!this.#end('failed', endedAtMs, failure)) return;
    const { method, name } = this.series;
    this.#reject(thrown ?? new WsError(`${method} ${name}`, failure));
  }

  interrupt(): void {
    if (this.#end('interrupted', this.context.now())) this.#reject(new InterruptedError());
  }

  /** Ends without a sample, because the target has seen nothing of it. */
  forget(error: unknown): void {
    if (this.#finish()) this.#reject(error);
  }

  #end(outcome: Outcome, endedAtMs: number, failure?: string): boolean {
    if (!this.#finish()) return false;
    this.context.onSample({
      series: this.series,
      outcome,
      ...(failure !== undefined && { failure, ...(this.evidence && { evidence: this.evidence }) }),
      endedAtMs: Math.max(this.startedAtMs, endedAtMs),
      durationUs: Math.round(this.durationMs(endedAtMs) * 1_000),
      lateMs: this.#lateMs,
      status: this.closeCode,
      ...this.context.takeBytes(),
      ...this.context.details?.(endedAtMs),
    });
    return true;
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    for (const action of this.#atEnd) action();
    return true;
  }
}
