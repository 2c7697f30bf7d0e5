import { expect, test } from '@jest/globals';
import { encodeHistogram, Histogram, type IntervalDelta, type SeriesDelta } from '@drumline/stats';
import { SecondFigures } from './second-figures.js';

function seriesOf(requests: number, failures: number, timesMs: readonly number[]): SeriesDelta {
  const times = new Histogram();
  for (const ms of timesMs) times.record(ms * 1_000);
  return {
    key: { protocol: 'http', user: 'shopper', task: 'look', name: '/', method: 'GET', tags: {} } as never,
    requests,
    failures,
    interrupted: 0,
    bytesSent: 0,
    bytesReceived: 0,
    latency: encodeHistogram(times),
    errors: [],
  };
}

function close(figures: SecondFigures, series: SeriesDelta[]): void {
  const counts: IntervalDelta = { second: 0, series, checks: [], metrics: [], exceptions: [] };
  const state = {
    users: 0,
    plannedUsers: 0,
    cutOffUsers: 0,
    busiestLane: 0,
    workers: { present: 1, missing: 0 },
  };
  figures.take({ type: 'closed', number: 1, second: 0, counts, state, completeThrough: 0 });
}

test('the figures of a second are over all its requests', () => {
  const figures = new SecondFigures();
  close(figures, [seriesOf(3, 1, [10, 10, 10]), seriesOf(1, 0, [100])]);
  expect(figures.latest).toMatchObject({ requestsPerSecond: 4, failuresPerSecond: 1, errorRate: 0.25 });
  expect(figures.latest.p50Ms).toBeCloseTo(10, 0);
  expect(figures.latest.p99Ms / 100).toBeCloseTo(1, 1);
});

test('a second without requests has figures of 0', () => {
  const figures = new SecondFigures();
  close(figures, [seriesOf(1, 1, [10])]);
  close(figures, []);
  expect(figures.latest).toEqual({
    p50Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
    requestsPerSecond: 0,
    failuresPerSecond: 0,
    errorRate: 0,
  });
});

test('response times that follow later keep those of the second before', () => {
  const figures = new SecondFigures();
  close(figures, [seriesOf(1, 0, [10])]);
  close(figures, [seriesOf(5, 0, [])]);
  expect(figures.latest.requestsPerSecond).toBe(5);
  expect(figures.latest.p95Ms).toBeCloseTo(10, 0);
});
