import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type * as Hdr from 'hdr-histogram-js';
import { Histogram } from './histogram.js';
import { bucketOf, highestOf, lowestOf, MAX_TRACKED } from './layout.js';

const { build } = createRequire(import.meta.url)('hdr-histogram-js') as typeof Hdr;

/** Values of all magnitudes with equal frequency. */
const value = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bits, fraction]) => Math.min(MAX_TRACKED, Math.floor(2 ** bits * (1 + fraction)) - 1));
const values = fc.array(value, { minLength: 1, maxLength: 300 });

/** The value at one quantile. */
function quantileOf(histogram: Histogram, q: number): number {
  return histogram.quantiles([q])[0]!;
}

function histogramOf(recorded: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const one of recorded) histogram.record(one);
  return histogram;
}

function oracleOf(recorded: readonly number[]): Hdr.JsHistogram {
  const oracle = build({
    highestTrackableValue: MAX_TRACKED,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  }) as Hdr.JsHistogram;
  for (const one of recorded) oracle.recordValue(one);
  return oracle;
}

/** All public figures of a histogram. */
function contents(histogram: Histogram): unknown {
  const buckets: number[][] = [];
  histogram.forEachBucket((bucket, count) => buckets.push([bucket, count]));
  const { count, sum, min, max } = histogram;
  return { count, sum, min, max, buckets };
}

describe('the layout', () => {
  test('is that of hdr-histogram-js', () => {
    const oracle = oracleOf([]);
    fc.assert(
      fc.property(value, (one) => {
        expect(lowestOf(bucketOf(one))).toBe(oracle.lowestEquivalentValue(one));
        expect(highestOf(bucketOf(one))).toBe(oracle.highestEquivalentValue(one));
      }),
      { numRuns: 800 },
    );
  });
});

describe('quantiles', () => {
  test('are at most 0.1 % above the exact ones, and never below', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (recorded, q) => {
        const sorted = recorded.toSorted((a, b) => a - b);
        const histogram = histogramOf(recorded);
        for (const wanted of [q, 0.5, 0.9, 0.95, 0.99, 0.999]) {
          const rank = Math.max(1, Math.ceil(wanted * sorted.length * (1 - 2 * Number.EPSILON)));
          const exact = sorted[rank - 1]!;
          const reported = quantileOf(histogram, wanted);
          expect(reported).toBeGreaterThanOrEqual(exact);
          expect(reported - exact).toBeLessThanOrEqual(exact * 0.001);
        }
        expect(quantileOf(histogram, 0)).toBe(sorted[0]);
        expect(quantileOf(histogram, 1)).toBe(sorted.at(-1));
      }),
      { numRuns: 200 },
    );
  });

  test('equal those of hdr-histogram-js, except that the last is the exact max', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = histogramOf(recorded);
        const oracle = oracleOf(recorded);
        for (let rank = 1; rank < recorded.length; rank++) {
          const q = (rank - 0.25) / recorded.length;
          expect(quantileOf(histogram, q)).toBe(
            Math.min(oracle.getValueAtPercentile(q * 100), histogram.max),
          );
        }
      }),
    );
  });

  test('are monotonic, within min and max, and the same in one pass', () => {
    fc.assert(
      fc.property(values, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (recorded, qs) => {
        const histogram = histogramOf(recorded);
        const ascending = qs.toSorted((a, b) => a - b);
        const found = histogram.quantiles(ascending);
        expect(found).toEqual(ascending.map((q) => quantileOf(histogram, q)));
        expect([histogram.min, ...found, histogram.max]).toEqual(
          [histogram.min, ...found, histogram.max].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

describe('adding', () => {
  test('equals recording all values in one histogram', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 8 }), (groups) => {
        const merged = new Histogram();
        for (const group of groups) merged.add(histogramOf(group));
        expect(contents(merged)).toEqual(contents(histogramOf(groups.flat())));
      }),
    );
  });

  test('works after a reset', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const histogram = histogramOf(before);
        histogram.reset();
        for (const one of after) histogram.record(one);
        expect(contents(histogram)).toEqual(contents(histogramOf(after)));
      }),
    );
  });
});
