import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addEncoded, decodeHistogram, encodeHistogram, mergeEncoded, roundHistogram } from './codec.js';
import { Histogram } from './histogram.js';

const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 1000 })));

function histogramOf(recorded: readonly (readonly [number, number])[]): Histogram {
  const histogram = new Histogram();
  for (const [value, times] of recorded) histogram.record(value, times);
  return histogram;
}

test('decoding reverses encoding', () => {
  fc.assert(
    fc.property(records, (recorded) => {
      const histogram = histogramOf(recorded);
      const bytes = encodeHistogram(histogram);
      const decoded = decodeHistogram(bytes);
      expect(encodeHistogram(decoded)).toEqual(bytes);
      expect([decoded.count, decoded.sum, decoded.min, decoded.max]).toEqual([
        histogram.count,
        histogram.sum,
        histogram.min,
        histogram.max,
      ]);
      const qs = [0, 0.5, 0.99, 1];
      expect(decoded.quantiles(qs)).toEqual(histogram.quantiles(qs));
    }),
  );
});

test('adding encoded histograms equals adding the histograms', () => {
  fc.assert(
    fc.property(records, records, (some, others) => {
      const added = histogramOf(some);
      addEncoded(added, encodeHistogram(histogramOf(others)));
      expect(encodeHistogram(added)).toEqual(encodeHistogram(histogramOf([...some, ...others])));
    }),
  );
});

test('merging encoded histograms equals encoding one of all values', () => {
  const near = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 })));
  const some = fc.oneof(records, near);
  fc.assert(
    fc.property(some, some, (one, other) => {
      const merged = mergeEncoded(encodeHistogram(histogramOf(one)), encodeHistogram(histogramOf(other)));
      expect(merged).toEqual(encodeHistogram(histogramOf([...one, ...other])));
    }),
  );
});

test('rounding keeps the figures, and raises quantiles by less than 0.8 %', () => {
  fc.assert(
    fc.property(records, (recorded) => {
      const exact = histogramOf(recorded);
      const rounded = decodeHistogram(roundHistogram(encodeHistogram(exact)));
      for (const figure of ['count', 'sum', 'min', 'max'] as const)
        expect(rounded[figure]).toBe(exact[figure]);
      const qs = [0.01, 0.25, 0.5, 0.75, 0.9, 0.99];
      const before = exact.quantiles(qs);
      rounded.quantiles(qs).forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(before[i]!);
        expect(value).toBeLessThanOrEqual(before[i]! * 1.00785);
      });
    }),
  );
});

test('rounding again after a merge equals rounding once', () => {
  const near = fc.array(fc.tuple(fc.integer({ min: 1_000, max: 1_030 }), fc.integer({ min: 1, max: 9 })));
  const some = fc.oneof(records, near);
  fc.assert(
    fc.property(some, some, (one, other) => {
      const [a, b] = [one, other].map((recorded) => encodeHistogram(histogramOf(recorded)));
      const twice = roundHistogram(mergeEncoded(roundHistogram(a!), roundHistogram(b!)));
      expect(twice).toEqual(roundHistogram(mergeEncoded(a!, b!)));
    }),
  );
});

test('arbitrary bytes decode to a histogram or throw a RangeError', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.of(1, ...bytes)),
    fc.tuple(records, fc.nat(), fc.nat(255)).map(([recorded, at, byte]) => {
      const bytes = encodeHistogram(histogramOf(recorded));
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      try {
        const decoded = decodeHistogram(bytes);
        expect(decodeHistogram(encodeHistogram(decoded)).count).toBe(decoded.count);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 800 },
  );
});
