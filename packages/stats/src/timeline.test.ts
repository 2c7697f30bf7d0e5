import { describe, expect, test } from '@jest/globals';
import { encodeHistogram } from './codec.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { Timeline } from './timeline.js';

function delta(second: number, durationsUs: readonly number[], failures = 0): IntervalDelta {
  const histogram = new Histogram();
  for (const us of durationsUs) histogram.record(us);
  const key = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };
  const counts = { requests: durationsUs.length, failures, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  const series = [{ key, ...counts, latency: encodeHistogram(histogram), errors: [] }];
  return { second, series, checks: [], metrics: [], exceptions: [] };
}

function point(second: number, requests = 0, failures = 0, ms = 0): unknown {
  const starts = { started: 0, late: 0, dropped: 0, skipped: 0 };
  const others = { interrupted: 0, failedChecks: 0, exceptions: 0, coarseTimes: 0, ...starts };
  const quantiles = { p50Ms: ms, p95Ms: ms, p99Ms: ms };
  return { second, requests, failures, ...others, ...quantiles, bands: expect.any(Array) };
}

describe('Timeline', () => {
  test('counts starts, also in seconds that are old or restored', () => {
    const starts = { started: 3, late: 2, dropped: 1, skipped: 4 };
    const row = { user: 'Buyer', phase: '', ...starts };
    const twice = { started: 6, late: 4, dropped: 2, skipped: 8 };
    const timeline = new Timeline();
    for (let second = 0; second < 20; second += 1)
      timeline.add({ ...delta(second, []), schedule: [row, { ...row, phase: 'rate' }] });
    expect(timeline.points(0, 0)).toEqual([expect.objectContaining(twice)]);
    const restored = new Timeline();
    restored.restore(timeline.points());
    restored.add({ ...delta(0, []), schedule: [row] });
    expect(restored.points(0, 0)).toEqual([
      expect.objectContaining({ started: 9, late: 6, dropped: 3, skipped: 12 }),
    ]);
  });

  test('fills gaps with zeros', () => {
    const timeline = new Timeline();
    expect(timeline.points()).toEqual([]);
    timeline.add(delta(1, [500], 1));
    timeline.add(delta(3, [700, 700]));
    expect(timeline.points()).toEqual([point(0), point(1, 1, 1, 0.5), point(2), point(3, 2, 0, 0.7)]);
    expect(timeline.points(2, 4)).toEqual([point(2), point(3, 2, 0, 0.7), point(4)]);
    expect(timeline.points(5, 6)).toEqual([point(5), point(6)]);
    expect(timeline.newestSecond).toBe(3);
  });

  test('merges the deltas of several workers', () => {
    const timeline = new Timeline();
    for (const us of [100, 200, 300]) timeline.add(delta(0, [us]));
    expect(timeline.points(0, 0)[0]).toMatchObject({ requests: 3, p50Ms: 0.2, p99Ms: 0.3 });
  });

  test('accepts late deltas, before and after a query', () => {
    const timeline = new Timeline();
    timeline.add(delta(2, [1_000, 1_000]));
    timeline.add(delta(60, [1_000]));
    expect(timeline.points(2, 2)[0]).toMatchObject({ requests: 2, p99Ms: 1 });
    timeline.add(delta(2, [1_500], 1));
    timeline.add(delta(40, [800]));
    expect(timeline.points(2, 2)[0]).toMatchObject({ requests: 3, failures: 1, p50Ms: 1, p99Ms: 1.5 });
    expect(timeline.points(40, 40)[0]).toEqual(point(40, 1, 0, 0.8));
  });

  test('does not compute unchanged points again', () => {
    const timeline = new Timeline();
    for (let second = 0; second < 20; second++) timeline.add(delta(second, [100]));
    const before = timeline.points();
    timeline.add(delta(19, [100]));
    const after = timeline.points();
    expect(after[18]).toBe(before[18]);
    expect(after[19]).not.toBe(before[19]);
  });

  test('refuses seconds that are out of range', () => {
    const timeline = new Timeline();
    for (const second of [-1, 0.5, 1e12, Number.NaN]) {
      expect(() => timeline.add(delta(second, [1]))).toThrow(RangeError);
    }
    expect(timeline.points()).toEqual([]);
  });
});
