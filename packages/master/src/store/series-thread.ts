/** The thread that reads series of run files. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '@drumline/model';
import { SeriesCache } from './series-cache.js';
import type { NumberedOrder, SeriesAnswer } from './series-messages.js';

const cache = new SeriesCache();

parentPort!.on('message', (order: NumberedOrder) => {
  const { number } = order;
  let answer: SeriesAnswer;
  try {
    answer = { number, series: cache.read(order) };
  } catch (error) {
    answer = { number, problem: messageOf(error) };
  }
  parentPort!.postMessage(answer);
});
