import type { Millis } from '@drumline/model';
import type { IntervalDelta, IntervalEvent, PlacedEvent } from '@drumline/stats';
import type { OutputView, RunEventView, RunResult } from '@drumline/wire';

/** What another master has left for outputs. */
export interface ResumedOutputs {
  /** Everything that was counted in closed seconds, since the last reset. */
  readonly counted: IntervalDelta;
  /** The second in which counting began: that of the last reset, or 0. */
  readonly sinceSecond: number;
  /** Of the newest event that is in `counted`. */
  readonly position: number;
  /** The newest events through `position`, which outputs may lack. */
  readonly events: readonly PlacedEvent[];
  /** Position of the last event that each output had sent, as far as that master knew. */
  readonly sent: Readonly<Record<string, number>>;
}

/** A run that outputs write about. */
interface WrittenRun {
  readonly runId: string;
  readonly scenario: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly target?: string;
  /** The first second that was not closed: above 0 if another master began the run. */
  readonly fromSecond: number;
  /** Whether another master may resume it. */
  readonly mayResume?: true;
  /** Present if another master began the run. */
  readonly resumed?: ResumedOutputs;
}

/** The outputs that a run names. */
export interface NamedOutputs {
  readonly ofScenario: readonly string[];
  /** Those of the submission, if the run was submitted. */
  readonly ofSubmission?: readonly string[] | undefined;
}

/** A run whose outputs are to be opened. */
interface OpeningRun extends NamedOutputs {
  readonly runId: string;
  /** Whether another master began the run, so that it goes on without outputs that fail. */
  readonly isResumed: boolean;
}

/**
 * Opens the outputs of a run, before it starts.
 * @throws DrumlineError if they cannot be used
 */
export type OpenOutputs = (run: OpeningRun) => Promise<RunOutputs | undefined>;

/**
 * Checks outputs without reaching their services.
 * @throws DrumlineError `usage` with all problems
 */
export type CheckOutputs = (named: NamedOutputs) => Promise<void>;

/**
 * The outputs of a run, which write its seconds elsewhere. No call delays the caller; a slow output
 * loses its own data.
 */
export interface RunOutputs {
  /** @param log receives a line when an output fails or recovers */
  begin(run: WrittenRun, log: (line: string) => void): void;
  interval(event: IntervalEvent, position: number): void;
  event(event: RunEventView): void;
  readonly views: readonly OutputView[];
  /** Position of the last event that each output has sent, by its name and address. */
  readonly sent: Readonly<Record<string, number>>;
  /** Sends what waits, for so long at most, and frees everything. May be called again. */
  end(end: { readonly result?: RunResult; readonly continues?: true }, limitMs?: Millis): Promise<void>;
}
