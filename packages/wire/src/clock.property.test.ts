import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ClockEstimate } from './clock.js';

const offset = fc.double({ min: -1e9, max: 1e9, noNaN: true });
/** Time of a probe in each direction, in milliseconds. */
const delays = fc.record({
  there: fc.double({ min: 0, max: 500, noNaN: true }),
  back: fc.double({ min: 0, max: 500, noNaN: true }),
});

/** Probes a clock that is ahead by `offsetMs`, once per second. */
function probed(
  offsetMs: number,
  trips: readonly { there: number; back: number }[],
  keep?: number,
): ClockEstimate {
  const clock = new ClockEstimate(keep);
  trips.forEach(({ there, back }, index) => {
    const sentAtMs = index * 1_000;
    clock.probe(sentAtMs, sentAtMs + there + offsetMs, sentAtMs + there + back);
  });
  return clock;
}

describe('the estimate of the master’s clock', () => {
  test('is off by at most half of the shortest round trip', () => {
    fc.assert(
      fc.property(offset, fc.array(delays, { minLength: 1, maxLength: 16 }), (ahead, trips) => {
        const shortest = Math.min(...trips.map(({ there, back }) => there + back));
        expect(Math.abs(probed(ahead, trips).offsetMs - ahead)).toBeLessThanOrEqual(shortest / 2 + 1e-6);
      }),
    );
  });

  test('is exact if both directions take the same time', () => {
    fc.assert(
      fc.property(offset, fc.double({ min: 0, max: 500, noNaN: true }), (ahead, way) => {
        expect(probed(ahead, [{ there: way, back: way }]).offsetMs).toBeCloseTo(ahead, 5);
      }),
    );
  });

  test('drops old probes, so that it follows a drifting clock', () => {
    fc.assert(
      fc.property(
        offset,
        offset,
        fc.integer({ min: 1, max: 8 }),
        delays,
        (before, after, keep, { there, back }) => {
          const clock = probed(before, [{ there: 0, back: 0 }], keep);
          for (let n = 1; n <= keep; n += 1) clock.probe(n, n + there + after, n + there + back);
          expect(Math.abs(clock.offsetMs - after)).toBeLessThanOrEqual((there + back) / 2 + 1e-5);
        },
      ),
    );
  });

  test('ignores replies from before their probe, and times that are not numbers', () => {
    const clock = new ClockEstimate();
    clock.probe(100, 5_000, 99);
    clock.probe(Number.NaN, 5_000, 100);
    expect(clock.known).toBe(false);
    expect(clock.offsetMs).toBe(0);
    clock.probe(100, 5_000, 102);
    expect(clock.known).toBe(true);
    expect(clock.offsetMs).toBe(4_899);
  });
});
