import { describe, expect, test } from '@jest/globals';
import { Histogram } from './histogram.js';
import { BUCKETS, bucketOf, highestOf, lowestOf, MAX_TRACKED } from './layout.js';

const HOUR = 3_600_000_000;

/** The value at one quantile. */
function quantileOf(histogram: Histogram, q: number): number {
  return histogram.quantiles([q])[0]!;
}

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('layout', () => {
  test('has 23,221 buckets that join without gap or overlap', () => {
    expect(BUCKETS).toBe(23_221);
    expect(lowestOf(0)).toBe(0);
    let previousEnd = -1;
    let misplaced = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const low = lowestOf(bucket);
      const high = Math.min(highestOf(bucket), MAX_TRACKED);
      if (low !== previousEnd + 1 || bucketOf(low) !== bucket || bucketOf(high) !== bucket) misplaced++;
      previousEnd = highestOf(bucket);
    }
    expect(misplaced).toBe(0);
    expect(previousEnd).toBeGreaterThanOrEqual(MAX_TRACKED);
  });

  test('no bucket is wider than 1/1024 of where it starts', () => {
    for (let bucket = 2048; bucket < BUCKETS; bucket++) {
      if ((highestOf(bucket) - lowestOf(bucket) + 1) * 1024 > lowestOf(bucket))
        throw new Error(`bucket ${bucket}`);
    }
  });
});

describe('Histogram', () => {
  test('is all zeros when empty', () => {
    const { count, sum, min, max, mean, footprint } = new Histogram();
    expect({ count, sum, min, max, mean, footprint }).toEqual({
      count: 0,
      sum: 0,
      min: 0,
      max: 0,
      mean: 0,
      footprint: 0,
    });
    expect(quantileOf(new Histogram(), 0.5)).toBe(0);
  });

  test('keeps count, sum, min and max exact', () => {
    const histogram = histogramOf([1_234_567, 7, 89_999_999]);
    histogram.record(50_001, 1000);
    expect(histogram.count).toBe(1003);
    expect(histogram.sum).toBe(1_234_567 + 7 + 89_999_999 + 50_001_000);
    expect(histogram.min).toBe(7);
    expect(histogram.max).toBe(89_999_999);
    expect(quantileOf(histogram, 0)).toBe(7);
    expect(quantileOf(histogram, 1)).toBe(89_999_999);
  });

  test('finds quantiles by nearest rank, without rounding errors', () => {
    const histogram = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
    for (let rank = 1; rank <= 100; rank++) expect(quantileOf(histogram, rank / 100)).toBe(rank);
    expect(histogram.quantiles([0, 0.5, 0.501, 0.99, 1])).toEqual([1, 50, 51, 99, 100]);
  });

  test('counts negative values and NaN as 0, and rounds fractions', () => {
    const histogram = histogramOf([-5, Number.NaN, 0, 0.4, 1.6]);
    expect(histogram.count).toBe(5);
    expect(histogram.sum).toBe(2);
    expect(quantileOf(histogram, 0.8)).toBe(0);
    expect(histogram.max).toBe(2);
  });

  test('counts values beyond an hour in the last bucket, with the exact max', () => {
    const histogram = histogramOf([HOUR, HOUR + 5_000_000, 3 * HOUR]);
    expect(histogram.max).toBe(3 * HOUR);
    expect(histogram.sum).toBe(5 * HOUR + 5_000_000);
    expect(quantileOf(histogram, 0.5)).toBe(highestOf(BUCKETS - 1));
    expect(quantileOf(histogram, 1)).toBe(3 * HOUR);
    expect(histogramOf([Infinity]).max).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('keeps its memory on reset', () => {
    const histogram = histogramOf([3, 5_000, 7_000_000]);
    const { footprint } = histogram;
    histogram.reset();
    expect(histogram.count).toBe(0);
    expect(histogram.footprint).toBe(footprint);
    let used = 0;
    histogram.forEachBucket(() => used++);
    histogram.record(6_000_000);
    expect(used).toBe(0);
    expect(histogram.quantiles([0, 0.5, 1])).toEqual([6_000_000, 6_000_000, 6_000_000]);
  });

  test('counts more than 2^32 of a value', () => {
    const histogram = new Histogram();
    histogram.record(10, 0xffff_ffff);
    histogram.record(20, 3);
    const copy = new Histogram();
    copy.add(histogram);
    histogram.add(copy);
    histogram.record(10);
    expect(histogram.count).toBe(2 * 0xffff_ffff + 7);
    expect(quantileOf(histogram, 0.999_999)).toBe(10);
    const counts: number[] = [];
    histogram.forEachBucket((_bucket, count) => counts.push(count));
    expect(counts).toEqual([2 * 0xffff_ffff + 1, 6]);
  });

  test('takes little memory for a steady endpoint and at most 93 KB', () => {
    const steady = histogramOf(Array.from({ length: 1000 }, (_, i) => 40_000 + i * 10));
    expect(steady.footprint).toBeLessThanOrEqual(3072);
    expect(histogramOf([0, HOUR]).footprint).toBe(BUCKETS * 4);
  });
});
