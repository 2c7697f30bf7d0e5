import { expect, test } from '@jest/globals';
import { endFixedPart, startFollowers } from './part-ends.js';
import { loadEndMs, partEndMs, type Load, type LoadPart } from './workload.js';

const rate = { fromPerSecond: 5, stages: [{ durationMs: 10_000, toPerSecond: 5 }] };
const fixed = (phase: string, limitMs: number | null, rest: Partial<LoadPart> = {}): LoadPart => ({
  phase,
  types: [0],
  startMs: 0,
  workload: { kind: 'fixed', total: 20, users: 2, each: false, limitMs },
  ...rest,
});
const after = (follows: number[], phase = 'rate'): LoadPart => ({
  phase,
  types: [0],
  startMs: null,
  follows,
  workload: { kind: 'iterations', rate, order: { kind: 'even' } },
});

test('a part whose iterations have all run ends, and the next one starts shortly after', () => {
  const load: Load = { parts: [fixed('first', null), after([0])] };
  expect(startFollowers(load, 7_000, 500)).toBe(load);
  expect(loadEndMs(load)).toBeNull();
  const ended = endFixedPart(load, 0, 7_000);
  const next = startFollowers(ended, 7_000, 500);
  expect(next.parts.map((part) => [part.startMs, partEndMs(part)])).toEqual([
    [0, 7_000],
    [7_500, 17_500],
  ]);
  expect(loadEndMs(next)).toBe(17_500);
  expect(startFollowers(next, 8_000, 500)).toBe(next);
  expect(endFixedPart(next, 0, 8_000)).toBe(next);
});

test('a part with a time limit ends at it, at the latest', () => {
  const load: Load = { parts: [fixed('first', 5_000), after([0])] };
  expect(startFollowers(load, 4_999, 500)).toBe(load);
  expect(startFollowers(load, 5_000, 500).parts[1]!.startMs).toBe(5_500);
  expect(partEndMs(endFixedPart(load, 0, 3_000).parts[0]!)).toBe(3_000);
  expect(partEndMs(endFixedPart(load, 0, 6_000).parts[0]!)).toBe(5_000);
});

test('a part that follows several waits for the last one', () => {
  const load: Load = { parts: [fixed('a', null), fixed('b', 9_000), after([0, 1]), after([2], 'last')] };
  const one = endFixedPart(load, 0, 4_000);
  expect(startFollowers(one, 4_000, 0)).toBe(one);
  expect(startFollowers(one, 9_000, 0).parts.map(({ startMs }) => startMs)).toEqual([0, 0, 9_000, null]);
});
