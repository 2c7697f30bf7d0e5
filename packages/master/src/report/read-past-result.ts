import { Worker } from 'node:worker_threads';
import { DrumlineError, type ExitName } from '@drumline/model';
import type { RunResult } from '@drumline/wire';

/** What the thread answers: the result as JSON, or the parts of a DrumlineError. */
export type PastAnswer =
  | { readonly text: string }
  | { readonly exit: ExitName; readonly message: string; readonly hint: string | undefined };

/**
 * Reads the result of a stored run. A thread reads it, because that takes a second and more for a
 * run without a result in its file. Its text is parsed here, which is faster than a clone.
 * @throws DrumlineError `usage`, see `pastResult`
 */
export async function readPastResult(path: string): Promise<RunResult> {
  const thread = new Worker(new URL('./past-result-thread.js', import.meta.url), { workerData: path });
  const answer = await new Promise<PastAnswer>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that reads the result has ended')));
  });
  if ('text' in answer) return JSON.parse(answer.text) as RunResult;
  throw new DrumlineError(answer.exit, answer.message, answer.hint);
}
