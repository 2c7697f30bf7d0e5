/** The thread that merges what a killed master left in the log into the file of its run. */
import { parentPort, workerData } from 'node:worker_threads';
import { DrumlineError, messageOf } from '@drumline/model';
import { takeOwnership } from './ownership.js';
import { whyUnwritable } from './problems.js';
import { RunFile } from './run-file.js';
import type { Problem } from './store-messages.js';

const path = workerData as string;

function merge(): Problem | undefined {
  try {
    const claim = takeOwnership(path);
    try {
      RunFile.open(path).close();
    } finally {
      claim.release();
    }
    return undefined;
  } catch (error) {
    const known = error instanceof DrumlineError ? error : whyUnwritable(path, messageOf(error));
    return { exit: known.exit, message: known.message, hint: known.hint };
  }
}

parentPort!.postMessage(merge());
