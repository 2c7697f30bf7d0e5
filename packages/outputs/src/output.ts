import type {
  IntervalClosed,
  IntervalCorrected,
  IntervalDelta,
  IntervalsReset,
  PlacedEvent,
} from '@drumline/stats';
import type { OutputView, RunEventView, RunResult } from '@drumline/wire';

/** The run whose intervals an output receives. */
export interface OutputRun {
  readonly runId: string;
  readonly scenario: string;
  /** ISO 8601. Second `n` of the run begins `n` seconds later. */
  readonly startedAt: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The address to which relative URLs belong; absent if there is none. */
  readonly target?: string;
  /** The first second that was not closed: above 0 if another master began the run. */
  readonly fromSecond: number;
  /** Whether another master may resume it. */
  readonly mayResume?: true;
  /** Present if another master began the run. */
  readonly resumed?: ResumedRun;
}

/** What the master that began a run has left for its outputs. */
export interface ResumedRun {
  /** Everything that was counted in closed seconds, since the last reset. */
  readonly counted: IntervalDelta;
  /** The second in which counting began: that of the last reset, or 0. */
  readonly sinceSecond: number;
  /** Of the newest event that is in `counted`. */
  readonly position: number;
  /** The newest events through `position`, which outputs may lack. */
  readonly events: readonly PlacedEvent[];
}

/** What outputs that show metrics show of all outputs. */
export type OutputState = Pick<OutputView, 'name' | 'to' | 'state' | 'droppedSeconds'>;

/** How a run ended. */
export interface OutputEnd {
  /** Absent if there is no result: the run failed, or another master resumes it. */
  readonly result?: RunResult;
  /** Another master resumes the run, so that nothing final may be written. */
  readonly continues?: true;
}

/**
 * Writes the intervals of a run somewhere. It runs in the thread of the outputs, never beside the
 * control loop of the master.
 *
 * `interval`, `correction`, `reset`, `event` and `end` are called once for each event, in order.
 * They only compute: each returns what is to be sent, or undefined. What they return waits in the
 * queue of the output until `send` has taken it. If the queue is full, its oldest batch is dropped
 * and counted. So an output with cumulative figures adds them up in `interval`; later batches
 * include what a dropped one would have shown.
 *
 * Events of intervals have a position in the run, which another master continues. It is also that
 * of their batch.
 */
export interface Output<Batch = unknown> {
  /**
   * Reaches the service before anything is started: connects, logs in, binds a port, opens a file.
   * An error refuses the run, unless the output is optional and the error is temporary.
   */
  check?(): Promise<void>;
  /** Called once, before `open`. @param states of all outputs of the run, at any time */
  follow?(states: () => readonly OutputState[]): void;
  /**
   * Prepares the service for a run that starts now. Repeated with back-off until it succeeds. The
   * methods below may be called before it has succeeded, but never before its first call: keep
   * `run` before the first `await`.
   */
  open(run: OutputRun): Promise<void>;
  /**
   * The position of the last event that the service has, if it knows. Called after `open` if
   * another master began the run, and repeated with back-off. Later events follow, from those that
   * that master has left.
   * @param sent that position, as far as the other master knew: used without this method
   */
  written?(run: ResumedRun, sent: number): Promise<number> | number;
  /** Whether an event without a batch may be part of a later one, so that it is not yet sent. */
  readonly collects?: boolean;
  /** Where it is reached, if it listens. Known after `check`. */
  readonly listensAt?: string | undefined;
  interval(second: IntervalClosed, position: number): Batch | undefined;
  correction(second: IntervalCorrected, position: number): Batch | undefined;
  /** The statistics were reset: counts of earlier events are discarded. */
  reset?(reset: IntervalsReset, position: number): Batch | undefined;
  event?(event: RunEventView): Batch | undefined;
  /** The run has ended: what is to be sent last. */
  end?(end: OutputEnd): Batch | undefined;
  /**
   * Sends a batch. One call at a time; after an error, the batch is sent again with back-off. An
   * `OutputError` drops the batch.
   * @param signal aborts after 10 s, or when the time to flush is over. A call that goes on after
   * that counts as failed
   * @param position of its event; undefined if it is of none
   */
  send(batch: Batch, signal: AbortSignal, position?: number): Promise<void>;
  /** Frees everything. Called once, also if `open` has never succeeded. */
  close(): Promise<void>;
}

/** An option of an output, for help. */
export interface OutputOption {
  readonly name: string;
  /** What it does, as a sentence without a full stop. */
  readonly text: string;
  /** Its default value. */
  readonly standard?: string;
}

/** What `drumline outputs` shows of an output. */
export interface OutputHelp {
  /** What it does, without a full stop: `Write each second as a line of JSON`. */
  readonly text: string;
  /** What follows `--out`. */
  readonly example: string;
  /** What it can be told after the `?`. */
  readonly options?: readonly OutputOption[];
}

/** A kind of output, found by its name. */
export interface OutputFactory {
  readonly name: string;
  readonly help: OutputHelp;
  /**
   * Checks a specification without reaching the service.
   * @throws OutputProblem with all that is wrong
   */
  create(spec: OutputSpec): Promise<Output> | Output;
}

/** `NAME[=URL][?option=value&...]`, taken apart. */
export interface OutputSpec {
  readonly name: string;
  /** What follows `=`, without options: a URL, an address or a path. Absent if not given. */
  readonly url?: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * A failure that repeating cannot mend. In `check`, the run must not begin (bad credentials); in
 * `send`, the batch is dropped. Any other error of an output counts as temporary.
 */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  /** By name, because packages of outputs contain a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'OutputError';
  }
}
