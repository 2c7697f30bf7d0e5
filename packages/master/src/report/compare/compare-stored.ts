import { Worker } from 'node:worker_threads';
import type { Millis } from '@drumline/model';
import type { ComparisonView } from '@drumline/wire';

/** Two runs by the paths of their files. */
export interface StoredPair {
  readonly paths: readonly [baseline: string, compared: string];
  /** Changes of response times below this share do not matter. */
  readonly margin: number;
  /** Length of the warm-up; undefined to detect it. */
  readonly skipMs: Millis | undefined;
}

/** Compares two stored runs in a thread, because that takes seconds. */
export async function compareStored(pair: StoredPair): Promise<ComparisonView> {
  const thread = new Worker(new URL('./compare-thread.js', import.meta.url), { workerData: pair });
  return await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that compares runs has ended')));
  });
}
