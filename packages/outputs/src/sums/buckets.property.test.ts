import { expect, test } from '@jest/globals';
import { Histogram } from '@drumline/stats';
import fc from 'fast-check';
import { countsUpTo, exponentialBuckets, MAX_BUCKETS } from './buckets.js';

const times = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 3_000 }),
    fc.integer({ min: 0, max: 3_600_000_000 }),
    fc.constantFrom(0, 1, 1_000_000, 2_000_000, 4_000_000_000, Number.MAX_SAFE_INTEGER),
  ),
  { minLength: 1, maxLength: 200 },
);

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test('every value is in one exponential bucket, and there are few of them', () => {
  fc.assert(
    fc.property(times, (values) => {
      const { counts, zeros, scale } = exponentialBuckets(histogramOf(values), 1e6);
      expect(counts.length).toBeLessThanOrEqual(MAX_BUCKETS);
      expect(counts.reduce((sum, count) => sum + count, zeros)).toBe(values.length);
      expect(zeros).toBe(values.filter((value) => value === 0).length);
      expect(scale).toBeGreaterThanOrEqual(-4);
    }),
  );
});

test('the quantile is within the exponential bucket of its rank', () => {
  fc.assert(
    fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
      const histogram = histogramOf(values);
      const { counts, zeros, scale, offset } = exponentialBuckets(histogram, 1e6);
      const [quantile] = histogram.quantiles([q]) as [number];
      const rank = Math.max(1, Math.ceil(q * values.length * (1 - 2 * Number.EPSILON)));
      let seen = zeros;
      if (rank <= seen) return expect(quantile).toBe(0);
      let at = 0;
      while (seen + counts[at]! < rank) seen += counts[at++]!;
      const lower = 2 ** ((offset + at) / 2 ** scale);
      const upper = 2 ** ((offset + at + 1) / 2 ** scale);
      const slack = 1e-9;
      expect(quantile / 1e6).toBeGreaterThan(lower * (1 - slack));
      expect(quantile / 1e6).toBeLessThanOrEqual(upper * (1 + slack));
    }),
  );
});

test('counts up to a bound hold all values below it, and none that is more than 0.1 % above', () => {
  const bounds = [0.001, 0.0025, 0.1, 1, 10, 60];
  fc.assert(
    fc.property(times, (values) => {
      const counts = countsUpTo(histogramOf(values), 1e6, bounds);
      for (const [at, bound] of bounds.entries()) {
        const within = values.filter((value) => value <= bound * 1e6).length;
        const surely = values.filter((value) => value <= bound * 1e6 * (1 - 1 / 1024)).length;
        expect(counts[at]).toBeLessThanOrEqual(within);
        expect(counts[at]).toBeGreaterThanOrEqual(surely);
      }
    }),
  );
});
