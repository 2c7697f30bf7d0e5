import { expect, test } from '@jest/globals';
import type { LoadProfile } from './load.js';
import { stageAt } from './load-stage.js';

const profile: LoadProfile = {
  fromUsers: 0,
  stages: [
    { durationMs: 120_000, toUsers: 500 },
    { durationMs: 0, toUsers: 100 },
    { durationMs: 60_000, toUsers: 100 },
    { durationMs: null, toUsers: 20 },
  ],
};

test.each([
  [0, [1, 0, 500, 0, 120_000]],
  [40_000, [1, 0, 500, 40_000, 120_000]],
  [120_000, [2, 100, 100, 0, 60_000]],
  [179_999, [2, 100, 100, 59_999, 60_000]],
  [180_000, [3, 20, 20, 0, null]],
  [9e9, [3, 20, 20, 9e9 - 180_000, null]],
])('at %i ms', (runMs, expected) => {
  const { number, fromUsers, toUsers, elapsedMs, durationMs, stages } = stageAt(profile, runMs)!;
  expect(stages).toBe(3);
  expect([number, fromUsers, toUsers, elapsedMs, durationMs]).toEqual(expected);
});

test('there is none before the start, after the end, or without stages', () => {
  expect(stageAt(profile, -1)).toBeUndefined();
  expect(stageAt({ fromUsers: 0, stages: profile.stages.slice(0, 3) }, 180_000)).toBeUndefined();
  expect(stageAt({ fromUsers: 3, stages: [] }, 0)).toBeUndefined();
});
