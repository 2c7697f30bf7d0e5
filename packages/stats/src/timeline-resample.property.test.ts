import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeHistogram } from './codec.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { Timeline } from './timeline.js';

const STEPS = [1, 2, 5, 10, 20, 60, 300, 600, 1_800, 7_200];

interface Counted {
  readonly second: number;
  readonly timesUs: readonly number[];
  readonly failures: number;
}

const counted = fc.array(
  fc.record({
    second: fc.nat(400),
    timesUs: fc.array(fc.integer({ min: 1, max: 5_000_000 }), { maxLength: 6 }),
    failures: fc.nat(3),
  }),
  { maxLength: 60 },
);

function deltaOf({ second, timesUs, failures }: Counted): IntervalDelta {
  const latency = encodeHistogram(histogramOf(timesUs));
  const key = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };
  const counts = { requests: timesUs.length, failures, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  return {
    second,
    series: [{ key, ...counts, latency, errors: [] }],
    checks: [],
    metrics: [],
    exceptions: [],
  };
}

function histogramOf(timesUs: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const us of timesUs) histogram.record(us);
  return histogram;
}

/** Checks every interval against all response times in it. */
function expectExact(timeline: Timeline, all: readonly Counted[], step: number): void {
  const last = timeline.newestSecond;
  const points = timeline.resampled(0, last, step);
  expect(points).toHaveLength(Math.ceil((last + 1) / step));
  for (const [index, point] of points.entries()) {
    const mine = all.filter(({ second }) => Math.floor(second / step) === index);
    const latency = histogramOf(mine.flatMap(({ timesUs }) => timesUs));
    const [p50, p95, p99] = latency.quantiles([0.5, 0.95, 0.99]) as [number, number, number];
    expect(point).toMatchObject({
      second: index * step,
      requests: latency.count,
      failures: mine.reduce((sum, { failures }) => sum + failures, 0),
      p50Ms: p50 / 1_000,
      p95Ms: p95 / 1_000,
      p99Ms: p99 / 1_000,
    });
  }
}

test('counts of intervals are sums, and quantiles are those of all response times, in any order', () => {
  fc.assert(
    fc.property(counted, counted, fc.constantFrom(...STEPS), (first, later, step) => {
      const timeline = new Timeline();
      for (const one of first) timeline.add(deltaOf(one));
      expectExact(timeline, first, step);
      // Corrections change intervals that are merged already.
      for (const one of later) timeline.add(deltaOf(one));
      expectExact(timeline, [...first, ...later], step);
    }),
    { numRuns: 60 },
  );
});

test('a restored timeline that adopts the intervals continues with the same figures', () => {
  fc.assert(
    fc.property(counted, counted, fc.constantFrom(...STEPS.slice(2)), (before, after, step) => {
      // Steps below a minute do not keep the response times that corrections need.
      const late = step < 60 ? [] : after;
      const timeline = new Timeline();
      // Closes all intervals of the seconds before.
      const end: Counted = { second: 1_800, timesUs: [1_000], failures: 0 };
      for (const one of [...before, end, { ...end, second: 1_810 }]) timeline.add(deltaOf(one));
      const restored = new Timeline();
      restored.restore(timeline.points(0, 1_799));
      restored.adopt(timeline.mergedSteps(1_800));
      const later = [end, { ...end, second: 1_810 }, ...late];
      for (const one of later) restored.add(deltaOf(one));
      expectExact(restored, [...before, ...later], step);
    }),
    { numRuns: 25 },
  );
});
