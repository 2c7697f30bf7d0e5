import { Worker } from 'node:worker_threads';
import type { MergedStep } from '@drumline/stats';

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
  const thread = new Worker(new URL('./merge-thread.js', import.meta.url), { workerData: order });
  return await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that reads the history has ended')));
  });
}
