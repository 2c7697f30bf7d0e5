import { expect, test } from '@jest/globals';
import { cutDelta } from './cut.js';
import type { IntervalDelta } from './delta.js';
import { Recorder } from './recorder.js';
import { Totals } from './totals.js';

/** Requests with many names, on a lane with a limit of ten series. */
function deltaOf(names: number): IntervalDelta {
  const recorder = new Recorder(0, 10);
  for (let n = 0; n < names; n += 1) {
    const series = { protocol: 'http', method: 'GET', name: `/${n}`, user: '', tags: [] };
    recorder.record({
      series,
      outcome: 'passed',
      endedAtMs: 1,
      durationUs: 100,
      bytesSent: 1,
      bytesReceived: 1,
    });
  }
  return recorder.close(999)[0]!;
}

test('the parts of a delta add up to it, including the sketch of further series', () => {
  const whole = deltaOf(500);
  const parts: IntervalDelta[] = [];
  for (let left: IntervalDelta | undefined = whole; left !== undefined;) {
    const { part, rest } = cutDelta(left, 500);
    parts.push(part);
    left = rest;
  }
  expect(parts.length).toBeGreaterThan(2);
  const [expected, totals] = [[whole], parts].map((deltas) => {
    const sum = new Totals(10);
    for (const delta of deltas) sum.add(delta);
    return sum;
  });
  expect(totals!.snapshot()).toEqual(expected!.snapshot());
  expect(totals!.distinctSeries).toBe(expected!.distinctSeries);
});
