import type { RunResult } from '@drumline/wire';
import { answerOfThread } from '../store/thread-answer.js';

/**
 * Reads the result of a stored run. A thread reads it, because that takes a second and more for a
 * run without a result in its file. Its text is parsed here, which is faster than a clone.
 * @throws DrumlineError `usage`, see `pastResult`
 */
export async function readPastResult(path: string): Promise<RunResult> {
  const text = await answerOfThread<string>(new URL('./past-result-thread.js', import.meta.url), path);
  return JSON.parse(text) as RunResult;
}
