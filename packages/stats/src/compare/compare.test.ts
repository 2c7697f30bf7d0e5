import { expect, test } from '@jest/globals';
import { encodeHistogram } from '../codec.js';
import { Histogram } from '../histogram.js';
import { blockLength } from './block-length.js';
import { drawBlocks } from './block-weights.js';
import { estimate } from './estimate.js';
import { seededRandom } from './random.js';
import { Sample, type Statistic, type UnitCounts } from './sample.js';
import { studentQuantile, studentTail } from './student.js';
import { SummarySample } from './summary-sample.js';
import { judgeChange } from './verdict.js';
import { warmUpLength } from './warm-up.js';

const P95: Statistic = { kind: 'quantile', q: 0.95 };
const ERRORS: Statistic = { kind: 'error-rate' };

/** Values that depend on the one before: autoregressive, with a standard deviation of 1. */
function dependent(length: number, onBefore: number, seed: number): number[] {
  const random = seededRandom(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let value = gauss();
  return Array.from({ length }, () => (value = onBefore * value + Math.sqrt(1 - onBefore ** 2) * gauss()));
}

/** A run of 20 ms whose level drifts. `scale` makes it slower. */
function run(seed: number, scale = 1, seconds = 120): Sample {
  const random = seededRandom(seed + 1_000);
  return new Sample(
    dependent(seconds, 0.5, seed).map((level) => {
      const latency = new Histogram();
      for (let i = 0; i < 50; i += 1) latency.record(scale * 20_000 * Math.exp(0.1 * level + random()));
      return unit(latency, Math.floor(random() * 2));
    }),
  );
}

function unit(latency: Histogram, failures = 0): UnitCounts {
  return { seconds: 1, requests: latency.count, failures, latency: encodeHistogram(latency) };
}

const MARGINS = { ratio: 0.05, errorRate: 0.001 };

function verdictOf(before: Sample, after: Sample, statistic: Statistic): string {
  const random = seededRandom(5);
  const [one, other] = [before, after].map((sample) => estimate(sample, [statistic], random, 200)[0]!);
  return judgeChange(statistic, one!, other!, MARGINS, 0.01).verdict;
}

test('the quantiles of the t distribution are those of published tables', () => {
  const table: [degrees: number, p: number, value: number][] = [
    [1, 0.05, 12.706],
    [5, 0.05, 2.5706],
    [10, 0.01, 3.1693],
    [30, 0.05, 2.0423],
    [7, 0.001, 5.4079],
    [1e6, 0.05, 1.95996],
  ];
  for (const [degrees, p, value] of table) {
    expect(studentQuantile(p, degrees)).toBeCloseTo(value, 3);
    expect(studentTail(value, degrees)).toBeCloseTo(p, 4);
  }
  expect(studentQuantile(0.05, NaN)).toBeNaN();
});

test('blocks grow with the dependence between neighbors', () => {
  const lengths = [0, 0.5, 0.9].map((onBefore) => blockLength(dependent(600, onBefore, 3)));
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  expect(lengths[0]).toBeLessThanOrEqual(4);
  expect(lengths[2]).toBeGreaterThanOrEqual(15);
  expect(blockLength([1, 1, 1, 1, 1, 1, 1, 1])).toBe(1);
});

test('a resample has as many values as the run, in blocks that continue at the start', () => {
  const weights = new Uint32Array(10);
  drawBlocks(weights, 4, () => 0.85);
  // Blocks 8, 9, 0, 1 twice, and the first two values of a third.
  expect([...weights]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 3, 3]);
});

test('quantiles and rates of a sample are those of its requests', () => {
  const latency = new Histogram();
  for (let i = 1; i <= 1_000; i += 1) latency.record(i * 100);
  const sample = new Sample([unit(latency, 10), unit(latency, 30)]);
  const statistics: Statistic[] = [P95, { kind: 'mean' }, ERRORS, { kind: 'rate' }];
  const [p95, mean, errors, rate] = sample.values(statistics, [1, 1]) as [number, number, number, number];
  expect(Math.abs(p95 / 95_000 - 1)).toBeLessThan(0.008);
  expect(mean).toBe(50_050);
  expect([errors, rate]).toEqual([0.02, 1_000]);
  expect(sample.values([ERRORS], [2, 0])).toEqual([0.01]);
});

test('a slower run is worse, a faster one better, and an equal one neither', () => {
  expect(verdictOf(run(1), run(2, 1.3), P95)).toBe('worse');
  expect(verdictOf(run(1, 1.3), run(2), P95)).toBe('better');
  const verdicts = Array.from({ length: 20 }, (_, i) => verdictOf(run(10 + i), run(50 + i), P95));
  expect(verdicts.filter((one) => one === 'worse' || one === 'better')).toEqual([]);
});

test('equal runs are the same if they are long enough, and otherwise cannot be told', () => {
  expect(verdictOf(run(1, 1, 600), run(2, 1, 600), P95)).toBe('same');
  const random = seededRandom(1);
  const [one, other] = [run(3, 1, 20), run(4, 1.02, 20)].map(
    (sample) => estimate(sample, [P95], random, 200)[0]!,
  );
  const { verdict, timesAsLong, low, high } = judgeChange(P95, one!, other!, MARGINS, 0.01);
  expect(verdict).toBe('cannot-tell');
  expect(low).toBeLessThan(-0.05);
  expect(high).toBeGreaterThan(0.05);
  expect(timesAsLong).toBeGreaterThan(1);
});

test('two runs without failures have the same error rate', () => {
  const latency = new Histogram();
  latency.record(1_000, 100);
  const quiet = new Sample(Array.from({ length: 30 }, () => unit(latency)));
  expect(verdictOf(quiet, quiet, ERRORS)).toBe('same');
});

test('seconds without histograms are compared by the means of their quantiles', () => {
  const second = { requests: 10, failures: 1, p50: 1_000, p95: 2_000, p99: 3_000 };
  const sample = new SummarySample([second, { ...second, requests: 30, p95: 4_000 }]);
  expect(sample.values([P95, ERRORS, { kind: 'rate' }], [1, 1])).toEqual([3_500, 0.05, 20]);
  expect(sample.values([{ kind: 'mean' }], [1, 1])).toEqual([NaN]);
});

test('a warm-up is the start that differs from the rest', () => {
  const steady = dependent(120, 0, 9).map((value) => 100 + value);
  const warming = steady.map((value, at) => (at < 20 ? value + 5 * (20 - at) : value));
  expect(warmUpLength(warming)).toBeGreaterThanOrEqual(15);
  expect(warmUpLength(warming)).toBeLessThanOrEqual(30);
  expect(warmUpLength(Array.from({ length: 60 }, () => 5))).toBe(0);
  expect(warmUpLength(Array.from({ length: 120 }, (_, at) => at))).toBeUndefined();
  expect(warmUpLength([1, 2, 3])).toBe(0);
});
