import { expect, test } from '@jest/globals';
import { stagesAt } from './part-stage.js';
import type { Load, LoadPart, Workload } from './workload.js';

const part = (workload: Workload, startMs: number | null = 0): LoadPart => ({
  phase: '',
  types: [0],
  startMs,
  workload,
});

const closed: Load = {
  parts: [
    part({
      kind: 'users',
      profile: {
        fromUsers: 0,
        stages: [
          { durationMs: 120_000, toUsers: 500 },
          { durationMs: 0, toUsers: 100 },
          { durationMs: 60_000, toUsers: 100 },
          { durationMs: null, toUsers: 20 },
        ],
      },
    }),
  ],
};

test.each([
  [0, [1, 0, 500, 0, 120_000]],
  [40_000, [1, 0, 500, 40_000, 120_000]],
  [120_000, [2, 100, 100, 0, 60_000]],
  [179_999, [2, 100, 100, 59_999, 60_000]],
  [180_000, [3, 20, 20, 0, null]],
  [9e9, [3, 20, 20, 9e9 - 180_000, null]],
])('the stage of a part at %i ms', (runMs, expected) => {
  const [{ number, from, to, elapsedMs, durationMs, stages, kind }] = stagesAt(closed, runMs) as [never];
  expect([kind, stages]).toEqual(['users', 3]);
  expect([number, from, to, elapsedMs, durationMs]).toEqual(expected);
});

test('parts have a stage from their start to their end', () => {
  const load: Load = {
    parts: [
      part({
        kind: 'arrivals',
        rate: { fromPerSecond: 5, stages: [{ durationMs: 10_000, toPerSecond: 5 }] },
        order: { kind: 'even' },
      }),
      part({ kind: 'fixed', total: 50, users: 2, each: false, limitMs: 30_000 }, 5_000),
      part({ kind: 'users', profile: { fromUsers: 3, stages: [] } }),
      part({ kind: 'fixed', total: 50, users: 2, each: false, limitMs: null }, null),
    ],
  };
  const kinds = (runMs: number): string[] => stagesAt(load, runMs).map(({ kind }) => kind);
  expect(kinds(-1)).toEqual([]);
  expect(kinds(0)).toEqual(['arrivals']);
  expect(kinds(5_000)).toEqual(['arrivals', 'fixed']);
  expect(kinds(10_000)).toEqual(['fixed']);
  expect(kinds(35_000)).toEqual([]);
  expect(stagesAt(load, 6_000)).toMatchObject([
    { from: 5, to: 5, elapsedMs: 6_000, durationMs: 10_000 },
    { from: 50, to: 50, elapsedMs: 1_000, durationMs: 30_000 },
  ]);
});
