import { parentPort, Worker } from 'node:worker_threads';
import { DrumlineError } from '@drumline/model';
import type { Problem } from './store-messages.js';

type ThreadAnswer<T> = { readonly value: T } | { readonly problem: Problem };

/**
 * Runs a thread for one answer, because work on a run file blocks.
 * @param order start parameters of the thread
 * @throws DrumlineError that the thread threw
 */
export async function answerOfThread<T>(thread: URL, order: unknown): Promise<T> {
  const worker = new Worker(thread, { workerData: order });
  const answer = await new Promise<ThreadAnswer<T>>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that works on the run file has ended')));
  });
  if ('value' in answer) return answer.value;
  const { exit, message, hint } = answer.problem;
  throw new DrumlineError(exit, message, hint);
}

/** Sends the answer of this thread. */
export function answer<T>(make: () => T): void {
  parentPort!.postMessage(outcomeOf(make));
}

function outcomeOf<T>(make: () => T): ThreadAnswer<T> {
  try {
    return { value: make() };
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    const { exit, message, hint } = error;
    return { problem: { exit, message, hint } };
  }
}
