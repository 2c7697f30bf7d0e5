import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeHistogram } from './codec.js';
import { Histogram } from './histogram.js';
import { latencyBars, SeriesSteps } from './series-steps.js';

interface Second {
  readonly second: number;
  readonly times: readonly number[];
  readonly failures: number;
  /** Whether the response times come later, with those of their block. */
  readonly isCoarse: boolean;
}

const seconds = fc.uniqueArray(
  fc.record({
    second: fc.integer({ min: 0, max: 400 }),
    times: fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 5 }),
    failures: fc.integer({ min: 0, max: 2 }),
    isCoarse: fc.boolean(),
  }),
  { selector: ({ second }) => second, maxLength: 60 },
);

function encoded(times: readonly number[]): Uint8Array {
  const histogram = new Histogram();
  for (const time of times) histogram.record(time);
  return encodeHistogram(histogram);
}

function add(steps: SeriesSteps, { second, times, failures, isCoarse }: Second): void {
  const own = isCoarse ? [] : times;
  steps.add(second, 1, { requests: times.length, failures, latency: encoded(own) });
  const through = second - (second % 10) + 9;
  if (isCoarse) steps.addWindow(through, { fromSecond: through - 9, latency: encoded(times) });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('steps of any length add up to what was counted, in any order, merged or not, and after a cut', () => {
  fc.assert(
    fc.property(
      seconds,
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 41 }),
      fc.integer({ min: 0, max: 41 }),
      (counted, points, compacted, cut) => {
        const steps = new SeriesSteps();
        for (const one of counted) add(steps, one);
        steps.compact(compacted * 10);
        // What is read again after a cut replaces what was known.
        steps.cut(cut * 10);
        for (const one of counted) if (one.second >= cut * 10) add(steps, one);
        const listed = steps.steps({ from: 0, end: 401, points });
        expect(sum(listed.map(({ requests }) => requests))).toBe(
          sum(counted.map(({ times }) => times.length)),
        );
        expect(sum(listed.map(({ failures }) => failures))).toBe(
          sum(counted.map(({ failures }) => failures)),
        );
        expect(listed.length).toBeLessThanOrEqual(Math.max(points, 1));
        let next = 0;
        for (const { second, seconds: length } of listed) {
          expect(second).toBe(next);
          next += length;
        }
        expect(next).toBe(401);
        const all = counted.flatMap(({ times }) => times);
        expect(steps.latency().count).toBe(all.length);
        expect(sum(latencyBars(steps.latency()).map(({ count }) => count))).toBe(all.length);
      },
    ),
  );
});

test('a step has the quantiles of its response times, also of those that came later', () => {
  fc.assert(
    fc.property(seconds, (counted) => {
      const steps = new SeriesSteps();
      for (const one of counted) add(steps, one);
      for (const { second, p50Ms, p99Ms } of steps.steps({ from: 0, end: 410, points: 41 })) {
        const times = counted.filter((one) => one.second >= second && one.second < second + 10);
        const exact = new Histogram();
        for (const one of times) for (const time of one.times) exact.record(time);
        const [p50, p99] = exact.quantiles([0.5, 0.99]) as [number, number];
        expect([p50Ms, p99Ms]).toEqual([p50 / 1_000, p99 / 1_000]);
      }
    }),
  );
});

test('a second within a window has the quantiles of the window', () => {
  const steps = new SeriesSteps();
  add(steps, { second: 12, times: [2_000], failures: 0, isCoarse: true });
  add(steps, { second: 14, times: [4_000], failures: 0, isCoarse: true });
  const listed = steps.steps({ from: 10, end: 20, points: 100 });
  expect(listed.map(({ requests }) => requests)).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
  expect(listed[2]).toMatchObject({ second: 12, seconds: 1, p99Ms: 4 });
  expect(listed[3]).toMatchObject({ p99Ms: 0 });
});
