import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WorkerHistory } from './worker-history.js';

function sample(cpu: number, state: 'running' | 'missing' = 'running') {
  const health = { cpu, loopDelayMs: cpu * 3, roundTripMs: cpu * 2, lanes: [{ lane: 0, state, busy: cpu }] };
  return { state, ...(state === 'running' && { health }) };
}

test('a history of any length has few points, in order, and each peak is in one of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(4_999), (length, peak) => {
      const history = new WorkerHistory();
      for (let second = 0; second < length; second += 1)
        history.add(second, sample(second === peak ? 1 : 0.25));
      const { points, stepSeconds, changes } = history.view();
      expect(points.length).toBeLessThanOrEqual(300);
      expect(points.length).toBe(Math.ceil(length / stepSeconds));
      expect(points.map(({ second }) => second)).toEqual(points.map((_, index) => index * stepSeconds));
      const highest = points.filter(({ cpuPercent }) => cpuPercent === 100).map(({ second }) => second);
      expect(highest).toEqual(peak < length ? [peak - (peak % stepSeconds)] : []);
      expect(changes).toEqual([
        { second: 0, state: 'running' },
        { second: 0, state: 'running', lane: 0 },
      ]);
    }),
    { numRuns: 20 },
  );
});

test('a missing worker leaves a gap, and its states have their seconds', () => {
  const history = new WorkerHistory();
  history.add(0, sample(0.5));
  history.add(1, sample(0.5, 'missing'));
  history.add(2, sample(0.75));
  const { points, changes } = history.view();
  expect(points.map(({ second, cpuPercent }) => [second, cpuPercent])).toEqual([
    [0, 50],
    [2, 75],
  ]);
  expect(changes.filter(({ lane }) => lane === undefined)).toEqual([
    { second: 0, state: 'running' },
    { second: 1, state: 'missing' },
    { second: 2, state: 'running' },
  ]);
});
