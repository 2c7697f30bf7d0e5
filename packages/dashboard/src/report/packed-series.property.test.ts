import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunResult, TimedSeries } from '@drumline/client';
import { sumsOf } from '../../../../test/support/series-sums.js';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { timedSeries } from '../../../../test/support/timed-series.js';
import { packSeries, unpackSeries } from './packed-series.js';

const count = fc.nat(5_000);
const point = fc.record({
  seconds: fc.constantFrom(1, 10),
  requests: count,
  failures: count,
  p50Ms: fc.nat(9_999),
  p95Ms: fc.nat(9_999),
  p99Ms: fc.nat(9_999),
});

/** As they are after they were packed and sent as JSON. */
function packedAndBack(result: RunResult, timed: readonly TimedSeries[]): TimedSeries[] {
  const packed = JSON.parse(JSON.stringify(packSeries(result, timed))) as ReturnType<typeof packSeries>;
  return unpackSeries(result.series, packed);
}

test('series are the same after they were packed, sent as JSON and unpacked', () => {
  const result = sampleResult();
  const known = timedSeries(result, 10);
  fc.assert(
    fc.property(fc.array(fc.array(point, { minLength: 1, maxLength: 9 }), { maxLength: 5 }), (series) => {
      const timed = series.map((points, index) => {
        let second = 0;
        const placed = points.map((one) => ({ ...one, second: (second += one.seconds) - one.seconds }));
        return { ...known[index]!, points: placed };
      });
      expect(packedAndBack(result, timed)).toEqual(timed);
    }),
  );
});

test('the last point ends with the run, and loses no request', () => {
  const { run, ...rest } = sampleResult();
  const result = { ...rest, run: { ...run, durationMs: 75_300 } };
  const timed = timedSeries(result, 10);
  const back = packedAndBack(result, timed);
  expect(back.map(({ points }) => points.at(-1)!.seconds)).toEqual(timed.map(() => 5.3));
  expect(back.map(sumsOf)).toEqual(result.series.map(({ requests, failures }) => [requests, failures]));
  // Nothing was counted after the end.
  const late = { second: 76, seconds: 1, requests: 0, failures: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
  const longer = timed.map((one) => ({ ...one, points: [...one.points, late] }));
  expect(packedAndBack(result, longer).map(({ points }) => points.length)).toEqual(timed.map(() => 8));
});
