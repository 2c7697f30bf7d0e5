import type { RunResult } from '@drumline/client';
import type { RunOrder } from './options.js';
import type { Failure } from './run-error.js';

/** From the embedding program to the process of its run. */
export type ToRun =
  /** The first message. */
  | { readonly type: 'start'; readonly order: RunOrder }
  /** Ends the run gracefully. */
  | { readonly type: 'stop' }
  /** Ends the run at once, with what was counted. */
  | { readonly type: 'abort' };

/** From the process of a run to the program that embeds it. */
export type FromRun =
  /** The scenario is valid, and the control API listens. */
  | { readonly type: 'started'; readonly runId: string; readonly url: string; readonly token: string }
  | { readonly type: 'log'; readonly lines: readonly string[] }
  /** Begins the result. The elements of its long arrays follow in `rows`. */
  | { readonly type: 'result'; readonly result: RunResult }
  | { readonly type: 'rows'; readonly field: string; readonly rows: readonly unknown[] }
  /** The last message after a result: reports are written, and all other processes have ended. */
  | { readonly type: 'done' }
  /** The last message of a run without a result, or whose reports could not be written. */
  | { readonly type: 'failed'; readonly failure: Failure };
