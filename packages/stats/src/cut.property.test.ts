import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeHistogram } from './codec.js';
import { bytesOf, cutDelta } from './cut.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { Totals } from './totals.js';

const latency = new Histogram();
latency.record(1_000, 3);
const times = encodeHistogram(latency);

function deltaOf(series: number, checks: number, exceptions: number): IntervalDelta {
  const counts = { requests: 3, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  const seen = { occurrences: 1, firstSeenAtMs: 1, lastSeenAtMs: 1 };
  const named = <T>(count: number, make: (name: string) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(`/${i}`));
  return {
    second: 7,
    series: named(series, (name) => ({
      key: { protocol: 'http', method: 'GET', name, user: 'a', tags: [] },
      ...counts,
      latency: times,
      errors: [],
    })),
    checks: named(checks, (name) => ({ name, passes: 1, fails: 2 })),
    metrics: [],
    exceptions: named(exceptions, (message) => ({
      user: 'a',
      task: 't',
      message,
      stack: 's'.repeat(500),
      ...seen,
    })),
  };
}

test('the parts of a delta add up to it, and no part with several entries is too large', () => {
  fc.assert(
    fc.property(
      fc.nat(30),
      fc.nat(30),
      fc.nat(10),
      fc.integer({ min: 1, max: 10_000 }),
      (series, checks, exceptions, maxBytes) => {
        const whole = deltaOf(series, checks, exceptions);
        const totals = new Totals();
        let left: IntervalDelta | undefined = whole;
        for (let parts = 0; left; parts += 1) {
          const cut = cutDelta(left, maxBytes);
          const entries = [cut.part.series, cut.part.checks, cut.part.exceptions].flat();
          expect(cut.part.second).toBe(7);
          expect(entries.length === 1 || bytesOf(entries) <= maxBytes + 5).toBe(true);
          expect(parts).toBeLessThan(100);
          totals.add(cut.part);
          left = cut.rest;
        }
        const uncut = new Totals();
        uncut.add(whole);
        expect(totals.snapshot()).toEqual(uncut.snapshot());
      },
    ),
    { numRuns: 30 },
  );
});
