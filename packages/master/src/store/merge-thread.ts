/** The thread that merges the seconds of a run file to longer intervals. */
import { workerData } from 'node:worker_threads';
import { Timeline } from '@drumline/stats';
import type { MergeOrder } from './merged-steps.js';
import { readSnapshot } from './snapshot.js';
import { answer } from './thread-answer.js';

const { path, end, withOpen = false } = workerData as MergeOrder;
answer(() =>
  readSnapshot(path, (file) => {
    const timeline = new Timeline();
    for (const { second, sum } of file.history().seconds()) {
      if (second >= end) break;
      timeline.addSum(second, sum);
    }
    return [...timeline.mergedSteps(end, withOpen)];
  }),
);
