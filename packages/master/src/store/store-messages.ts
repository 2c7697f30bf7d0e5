import type { ExitName } from '@drumline/model';
import type { StoredPoint } from './points.js';
import type { FileContents } from './run-file.js';
import type { StoreChange, StoredRun } from './run-store.js';

/** What the thread of a run store is started with. */
export type StoreThreadData =
  { readonly path: string; readonly run: StoredRun } | { readonly path: string; readonly run?: undefined };

/** To the thread. Numbers of commits ascend. */
export type StoreOrder =
  { readonly kind: 'commit'; readonly id: number; readonly change: StoreChange } | { readonly kind: 'close' };

/** From the thread. Once with `opened` or `failed`, then answers for commits, in their order. */
export type StoreAnswer =
  | { readonly kind: 'opened'; readonly contents: FileContents | undefined }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** All commits up to and with this one that had no answer yet are in the file, or, with a problem, are not. */
  | {
      readonly kind: 'committed';
      readonly upTo: number;
      readonly corrected?: readonly StoredPoint[];
      readonly problem?: Problem;
    };

/** A DrumlineError on its way between threads. */
export interface Problem {
  readonly exit: ExitName;
  readonly message: string;
  readonly hint?: string | undefined;
}
