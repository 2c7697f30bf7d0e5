import { describe, expect, test } from '@jest/globals';
import { checkSketch, DistinctCount } from './distinct.js';

function countOf(texts: readonly string[]): DistinctCount {
  const distinct = new DistinctCount();
  for (const text of texts) distinct.add(text);
  return distinct;
}

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `["http","GET","/order/${from + index}"]`);

describe('the count of distinct texts', () => {
  test.each([1, 10, 100, 1_000, 2_000, 5_000, 100_000])('is within a tenth: %i', (count) => {
    const estimate = countOf(texts(0, count)).estimate();
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(count / 10);
  });

  test('counts repeated texts once, even in merged sketches', () => {
    const both = countOf([...texts(0, 3_000), ...texts(0, 3_000)]);
    expect(both.estimate()).toBe(countOf(texts(0, 3_000)).estimate());
    const merged = countOf(texts(0, 2_000));
    merged.merge(countOf(texts(1_000, 3_000)).sketch()!);
    expect(merged.sketch()).toEqual(both.sketch());
  });

  test('is 0 without texts, and has no sketch then', () => {
    expect(new DistinctCount().estimate()).toBe(0);
    expect(new DistinctCount().sketch()).toBeUndefined();
  });

  test.each([[new Uint8Array(0)], [new Uint8Array(1_023)], [new Uint8Array(1_024).fill(24)]])(
    'refuses bytes that are not a sketch',
    (bytes) => {
      expect(() => checkSketch(bytes)).toThrow(RangeError);
    },
  );
});
