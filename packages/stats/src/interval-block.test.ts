import { expect, test } from '@jest/globals';
import type { IntervalDelta } from './delta.js';
import { IntervalBlock } from './interval-block.js';

const delta = (second: number): IntervalDelta => ({
  second,
  series: [],
  checks: [],
  metrics: [],
  exceptions: [],
});

test('blocks end with multiples of ten seconds, also if the first second is in the middle', () => {
  const block = new IntervalBlock(10);
  const handedOut = [];
  for (let second = 7; second < 33; second += 1) {
    const whole = block.close(second, [delta(second)]);
    if (whole) handedOut.push([whole.fromSecond, whole.seconds, whole.deltas.length]);
  }
  expect(handedOut).toEqual([
    [7, 3, 3],
    [10, 10, 10],
    [20, 10, 10],
  ]);
  expect(block.end()).toMatchObject({ fromSecond: 30, seconds: 3 });
  expect(block.end()).toBeUndefined();
});

test('corrections of open seconds are added, and those of earlier blocks are not', () => {
  const block = new IntervalBlock(10);
  expect(block.correct(delta(0))).toBe(false);
  for (let second = 0; second < 12; second += 1) block.close(second, []);
  expect([block.correct(delta(9)), block.correct(delta(10))]).toEqual([false, true]);
  expect(block.end()!.deltas).toEqual([delta(10)]);
});

test('nothing before a restart is handed out', () => {
  const block = new IntervalBlock(10);
  block.close(3, [delta(3)]);
  block.restart();
  block.close(5, []);
  expect(block.end()).toEqual({ deltas: [], fromSecond: 5, seconds: 1 });
});
