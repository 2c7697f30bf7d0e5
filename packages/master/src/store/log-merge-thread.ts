/** The thread that merges what a killed master left in the log into the file of its run. */
import { workerData } from 'node:worker_threads';
import { DrumlineError, messageOf } from '@drumline/model';
import { takeOwnership } from './ownership.js';
import { whyUnwritable } from './problems.js';
import { RunFile } from './run-file.js';
import { answer } from './thread-answer.js';

const path = workerData as string;

answer(() => {
  try {
    const claim = takeOwnership(path);
    try {
      RunFile.open(path).close();
    } finally {
      claim.release();
    }
  } catch (error) {
    throw error instanceof DrumlineError ? error : whyUnwritable(path, messageOf(error));
  }
});
