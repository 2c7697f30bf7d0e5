import type { Ending } from '@drumline/model';
import type { RunEventView } from '@drumline/wire';
import type { StartedRun } from './started-run.js';

/** What the parts of a run know of its progress. */
export interface RunProgress {
  /** Undefined before the start. */
  readonly started: StartedRun | undefined;
  /** Whether its users are running, or paused. */
  readonly isRunning: boolean;
}

/** How the parts of a run end it. */
export interface RunEnds {
  /** Ends the run gracefully. @param message a note about it */
  stop(ending: Ending, message?: string): void;
  /** Ends a run that cannot be reported. */
  fail(error: Error): void;
}

/** Sends an event to all who follow the run. */
export type Emit = (event: RunEventView) => void;
