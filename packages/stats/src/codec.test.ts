import { describe, expect, test } from '@jest/globals';
import { addEncoded, decodeHistogram, encodeHistogram } from './codec.js';
import { Histogram } from './histogram.js';
import { BUCKETS } from './layout.js';

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

/** A forged encoding: count, sum, min, max, then pairs. */
function forge(...numbers: number[]): Uint8Array {
  return Uint8Array.from([1, ...numbers.flatMap(varint)]);
}

describe('an encoded histogram', () => {
  test('has golden bytes', () => {
    const histogram = new Histogram();
    histogram.record(5, 3);
    histogram.record(300);
    const bytes = encodeHistogram(histogram);
    expect([...bytes]).toEqual([1, 4, 0xbb, 0x02, 5, 0xac, 0x02, 5, 3, 0xa7, 0x02, 1]);
    expect(forge(4, 315, 5, 300, 5, 3, 295, 1)).toEqual(bytes);
    expect([...encodeHistogram(new Histogram())]).toEqual([1, 0, 0, 0, 0]);
  });

  test('carries sums beyond 2^32', () => {
    const histogram = new Histogram();
    histogram.record(3_000_000_000, 1_000_000);
    expect(decodeHistogram(encodeHistogram(histogram)).sum).toBe(3e15);
  });

  test('limits sums to 2^53 - 1', () => {
    const histogram = new Histogram();
    histogram.record(Infinity, 3);
    const decoded = decodeHistogram(encodeHistogram(histogram));
    expect(decoded.sum).toBe(Number.MAX_SAFE_INTEGER);
    expect(decoded.count).toBe(3);
  });

  test('is an independent array of the exact length', () => {
    const bytes = encodeHistogram(new Histogram());
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });

  test('with every bucket is decoded unchanged', () => {
    const full = new Histogram();
    for (let value = 0; value <= 3_600_000_000; value += Math.max(1, Math.floor(value / 2048)))
      full.record(value);
    const bytes = encodeHistogram(full);
    expect(encodeHistogram(decodeHistogram(bytes))).toEqual(bytes);
    expect(bytes.length).toBeLessThan(2 * BUCKETS + 100);
  });

  test('of a second of steady traffic takes about 2 KB', () => {
    const histogram = new Histogram();
    for (let i = 0; i < 10_000; i++)
      histogram.record(20_000 + 15_000 * (((i * 0.618) % 1) + ((i * 0.414) % 1)));
    expect(encodeHistogram(histogram).length).toBeLessThan(2500);
  });
});

describe('hostile bytes', () => {
  test.each([
    ['nothing', new Uint8Array(0), /format undefined/],
    ['another format', Uint8Array.of(9, 0, 0, 0, 0), /format 9/],
    ['an end in the head', Uint8Array.of(1, 4, 0x80), /truncated/],
    ['an end within a pair', Uint8Array.of(1, 1, 5, 5, 5, 5), /truncated/],
    ['an endless number', Uint8Array.of(1, ...Array<number>(64).fill(0xff)), /beyond 2\^53/],
    ['a number beyond 2^53', Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255, 0x7f), /beyond 2\^53/],
    ['a bucket out of range', forge(1, 5, 5, 5, BUCKETS, 1), /bucket 23221 of 23221/],
    ['a far bucket', forge(1, 5, 5, 5, 2 ** 52, 1), /bucket 4503599627370496/],
    ['a bucket twice', forge(2, 10, 5, 5, 5, 1, 0, 1), /do not ascend/],
    ['an empty bucket', forge(1, 5, 5, 5, 5, 0), /without a count/],
    ['counts too low', forge(3, 15, 5, 5, 5, 2), /do not add up/],
    ['counts too high', forge(3, 15, 5, 5, 5, 4), /do not add up/],
    ['no buckets', forge(3, 15, 5, 5), /do not add up/],
    ['figures of nothing', forge(0, 15, 0, 0), /figures without values/],
    ['a wrong min', forge(1, 5, 4, 5, 5, 1), /min is not in the first bucket/],
    ['a wrong max', forge(1, 5, 5, 6, 5, 1), /max is not in the last bucket/],
    ['a sum too high', forge(2, 11, 5, 5, 5, 2), /sum does not fit/],
    ['a sum too low', forge(2, 9, 5, 5, 5, 2), /sum does not fit/],
  ])('%s is refused', (_name, bytes, message) => {
    expect(() => decodeHistogram(bytes)).toThrow(RangeError);
    expect(() => decodeHistogram(bytes)).toThrow(message);
  });

  test('do not change the histogram to which they are added', () => {
    const histogram = new Histogram();
    histogram.record(7);
    expect(() => addEncoded(histogram, forge(2, 10, 5, 5, 5, 1))).toThrow(RangeError);
    expect(encodeHistogram(histogram)).toEqual(forge(1, 7, 7, 7, 7, 1));
  });
});
