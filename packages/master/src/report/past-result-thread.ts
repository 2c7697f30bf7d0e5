/** The thread that reads the result of a run file. */
import { workerData } from 'node:worker_threads';
import { answer } from '../store/thread-answer.js';
import { pastResult } from './past-result.js';

answer(() => JSON.stringify(pastResult(workerData as string)));
