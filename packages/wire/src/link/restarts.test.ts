import { expect, test } from '@jest/globals';
import { Restarts } from './restarts.js';

test('at once the first time, ever later when it happens again, and at once after a quiet minute', () => {
  let nowMs = 0;
  const restarts = new Restarts(() => nowMs);
  const delays = Array.from({ length: 9 }, () => restarts.ended().delayMs);
  expect(delays).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  nowMs = 61_000;
  expect(restarts.ended()).toEqual({ count: 1, delayMs: 0 });
});
