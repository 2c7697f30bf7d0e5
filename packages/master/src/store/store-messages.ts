import type { ExitName } from '@drumline/model';
import type { StoredPoint } from '../intervals/stored-counts.js';
import type { FileContents } from './run-file.js';
import type { StoreChange, StoredRun } from './run-store.js';

/** Start parameters of the store thread. */
export type StoreThreadData =
  { readonly path: string; readonly run: StoredRun } | { readonly path: string; readonly run?: undefined };

/** Messages to the thread. IDs of commits ascend. */
export type StoreOrder =
  { readonly kind: 'commit'; readonly id: number; readonly change: StoreChange } | { readonly kind: 'close' };

/** Messages from the thread: first `opened` or `failed`, then answers to commits, in order. */
export type StoreAnswer =
  | { readonly kind: 'opened'; readonly contents: FileContents | undefined }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /**
   * The result of all unanswered commits up to this one: all are in the file or, with a problem,
   * none.
   */
  | {
      readonly kind: 'committed';
      readonly upTo: number;
      readonly corrected?: readonly StoredPoint[];
      readonly problem?: Problem;
    };

/** A DrumlineError in a message between threads. */
export interface Problem {
  readonly exit: ExitName;
  readonly message: string;
  readonly hint?: string | undefined;
}
