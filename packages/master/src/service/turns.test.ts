import { expect, test } from '@jest/globals';
import { Turns } from './turns.js';

test('runs as much at a time as allowed, in order, and refuses what is too much', async () => {
  const turns = new Turns(2, 2, 'tests run');
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => (): Promise<void> => {
    begun.push(number);
    return new Promise((resolve) => ends.push(resolve));
  };
  const all = [1, 2, 3, 4].map((number) => turns.take(work(number)));
  expect(begun).toEqual([1, 2]);
  await expect(turns.take(work(5))).rejects.toMatchObject({ code: 'overloaded' });
  ends[0]!();
  await all[0];
  // A failure gives its place away, too.
  const failing = turns.take(() => Promise.reject(new Error('damaged')));
  for (let number = 1; number < 4; number += 1) {
    ends[number]!();
    await all[number];
  }
  await expect(failing).rejects.toThrow('damaged');
  expect(begun).toEqual([1, 2, 3, 4]);
});
