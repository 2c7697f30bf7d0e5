import { expect, test } from '@jest/globals';
import { RestartBackoff } from './restart-backoff.js';

test('restarts at once the first time, later each time, and at once after a quiet minute', () => {
  let nowMs = 0;
  const restarts = new RestartBackoff(() => nowMs);
  const delays = Array.from({ length: 9 }, () => restarts.ended().delayMs);
  expect(delays).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  nowMs = 61_000;
  expect(restarts.ended()).toEqual({ count: 1, delayMs: 0 });
});
