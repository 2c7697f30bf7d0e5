/** The thread that reads the result of a run file. */
import { parentPort, workerData } from 'node:worker_threads';
import { DrumlineError } from '@drumline/model';
import { pastResult } from './past-result.js';
import type { PastAnswer } from './read-past-result.js';

function answerOf(path: string): PastAnswer {
  try {
    return { text: JSON.stringify(pastResult(path)) };
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    const { exit, message, hint } = error;
    return { exit, message, hint };
  }
}

parentPort!.postMessage(answerOf(workerData as string));
