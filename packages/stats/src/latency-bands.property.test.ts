import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Histogram } from './histogram.js';
import { addBands, bandOf, bandsOf, LATENCY_BANDS, NO_BANDS } from './latency-bands.js';

const times = fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), { maxLength: 50 });

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('bands of response times', () => {
  test.each([
    [0, 0],
    [99, 0],
    [158, 0],
    [159, 1],
    [1_000, 5],
    [10_000, 10],
    [1_000_000, 20],
    [3_600_000_000, 31],
  ])('%d µs is in band %d', (us, band) => {
    expect(bandOf(us)).toBe(band);
  });

  test('hold every response time once, and add up like histograms', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const [one, two] = [histogramOf(some), histogramOf(others)];
        const sum = addBands(bandsOf(one), bandsOf(two));
        expect(sum.reduce((all, count) => all + count, 0)).toBe(some.length + others.length);
        one.add(two);
        expect(bandsOf(one)).toEqual(sum);
      }),
    );
  });

  test('differ by at most one from the band of the exact time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (us) => {
        const band = bandsOf(histogramOf([us])).findIndex((count) => count > 0);
        expect(Math.abs(band - bandOf(us))).toBeLessThanOrEqual(1);
      }),
    );
    expect(bandsOf(new Histogram())).toBe(NO_BANDS);
    expect(NO_BANDS).toHaveLength(LATENCY_BANDS);
  });
});
