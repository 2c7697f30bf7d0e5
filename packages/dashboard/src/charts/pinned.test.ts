import { expect, test } from '@jest/globals';
import type { TimedSeries } from '@drumline/client';
import type { ChartModel } from './model.js';
import { withPinned } from './pinned.js';

test('a pinned series has its rate and its p95 at each second of the charts of the run', () => {
  const quantiles = { failures: 0, p50Ms: 1, p99Ms: 9 };
  const points = [
    { second: 10, seconds: 10, requests: 50, p95Ms: 7, ...quantiles },
    { second: 20, seconds: 1, requests: 0, p95Ms: 0, ...quantiles },
  ];
  const series = { method: 'GET', name: '/a' } as TimedSeries['series'];
  const pinned = [{ series, knownFrom: 0, points, distribution: [] }];
  const at = [9, 10, 19, 20, 21];
  const model = { lines: [], data: [at] } as unknown as ChartModel;
  const rate = withPinned({ ...model, id: 'rate' }, pinned);
  expect(rate.lines.map(({ label }) => label)).toEqual(['GET /a']);
  expect(rate.data).toEqual([at, [null, 5, 5, 0, null]]);
  expect(withPinned({ ...model, id: 'latency' }, pinned).data).toEqual([at, [null, 7, 7, null, null]]);
  expect(withPinned({ ...model, id: 'users' }, pinned).data).toEqual([at]);
});
