import { expect, test } from '@jest/globals';
import { encodeHistogram } from './codec.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { SeriesTimeline } from './series-timeline.js';

function delta(second: number, name: string, us: readonly number[], failures = 0): IntervalDelta {
  const latency = new Histogram();
  for (const value of us) latency.record(value);
  const key = { protocol: 'http', method: 'GET', name, user: 'u', tags: [] };
  const counts = { requests: us.length, failures, interrupted: 0, bytesSent: 0, bytesReceived: 0 };
  const series = [{ key, ...counts, latency: encodeHistogram(latency), errors: [] }];
  return { second, series, checks: [], metrics: [], exceptions: [] };
}

test('deltas of a second and a series are one point, in any order', () => {
  const timeline = new SeriesTimeline();
  for (const one of [delta(1, '/a', [1_000]), delta(0, '/b', [2_000], 1), delta(1, '/a', [3_000, 3_000], 1)])
    timeline.add(one);
  timeline.add(delta(2, '/a', []));
  expect(
    timeline.points().map(({ second, key, requests, failures }) => [second, key.name, requests, failures]),
  ).toEqual([
    [0, '/b', 1, 1],
    [1, '/a', 3, 1],
  ]);
  expect(timeline.points()[1]!.p99Ms).toBeCloseTo(3, 1);
});

test('reports when it is full', () => {
  const timeline = new SeriesTimeline();
  const [one, two] = [delta(0, '/a', [1]), delta(0, '/b', [1])];
  for (let second = 0; second < 50_001; second += 1)
    for (const { series } of [one, two]) timeline.add({ ...one, second, series });
  expect([timeline.points().length, timeline.full]).toEqual([100_000, true]);
});
