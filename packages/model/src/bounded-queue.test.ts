import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { BoundedQueue } from './bounded-queue.js';

/** A queue whose receiver waits until it is released. */
function slowQueue(most: number) {
  const received: number[] = [];
  const dropped: number[] = [];
  let release = (): void => {};
  const receive = (item: number): Promise<void> => {
    received.push(item);
    return new Promise((resolve) => (release = resolve));
  };
  const queue = new BoundedQueue<number>(receive, most, (count) => dropped.push(count));
  return { queue, received, dropped, release: () => release() };
}

test('items are received in order, one after the other', async () => {
  const { queue, received, release, dropped } = slowQueue(5);
  for (const item of [1, 2, 3]) queue.push(item);
  expect(received).toEqual([1]);
  for (let i = 0; i < 3; i += 1) {
    release();
    await turn();
  }
  await queue.settle(Promise.resolve());
  expect([received, dropped]).toEqual([[1, 2, 3], []]);
});

test('a slow receiver loses the oldest items that wait, and they are counted', async () => {
  const { queue, received, release, dropped } = slowQueue(2);
  for (const item of [1, 2, 3, 4, 5]) queue.push(item);
  expect(dropped).toEqual([1, 1]);
  release();
  await turn();
  expect(received).toEqual([1, 4]);
});

test('at the end it waits for the receiver, but not longer than allowed', async () => {
  const { queue, received, release, dropped } = slowQueue(5);
  for (const item of [1, 2, 3]) queue.push(item);
  await queue.settle(turn());
  expect([received, dropped]).toEqual([[1], [2]]);
  release();
  await turn();
  expect(received).toEqual([1]);
  await queue.settle(new Promise(() => {}));
});
