import type { MergedStep } from '@drumline/stats';
import { answerOfThread } from './thread-answer.js';

/** Start parameters of the thread that merges the seconds of a run file. */
export interface MergeOrder {
  readonly path: string;
  /** The first second that is not merged. */
  readonly end: number;
  /** Whether intervals that begin before it and end after it are merged up to it. */
  readonly withOpen?: boolean;
}

/**
 * Reads the response times of a run file, merged to longer intervals. A thread reads them, because
 * that takes seconds for a run of hours.
 */
export async function readMergedSteps(order: MergeOrder): Promise<MergedStep[]> {
  return await answerOfThread(new URL('./merge-thread.js', import.meta.url), order);
}
