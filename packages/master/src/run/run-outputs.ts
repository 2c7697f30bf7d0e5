import type { Millis } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type { OutputView, RunEventView, RunResult } from '@drumline/wire';

/** A run that outputs write about. */
interface WrittenRun {
  readonly runId: string;
  readonly scenario: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly target?: string;
  /** The first second that they get: above 0 if another master began the run. */
  readonly fromSecond: number;
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
  interval(event: IntervalEvent): void;
  event(event: RunEventView): void;
  readonly views: readonly OutputView[];
  /** Sends what waits, for so long at most, and frees everything. May be called again. */
  end(end: { readonly result?: RunResult; readonly continues?: true }, limitMs?: Millis): Promise<void>;
}
