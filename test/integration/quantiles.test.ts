// Response times of series that are reported every few seconds are complete in the end.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SeriesTimelineView, TimelineView } from '@drumline/wire';
import { Cluster, eventually } from '../support/drumline.js';
import { sumsOf } from '../support/series-sums.js';

/** Answers `/admin` after this time. A timer may fire a millisecond early. */
const SLOW_MS = 40;

let target: http.Server;
let url: string;
let counts: Record<string, number>;
beforeEach(async () => {
  counts = {};
  target = http.createServer(({ url: path = '' }, response) => {
    counts[path] = (counts[path] ?? 0) + 1;
    setTimeout(() => response.end('ok'), path === '/admin' ? SLOW_MS : 0);
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
});
afterEach(() => {
  target.closeAllConnections();
  target.close();
});

async function clusterOf(...args: string[]): Promise<Cluster> {
  const own = ['-H', url, '--expect-workers', '2', '--quantiles-every', '5s'];
  const cluster = await Cluster.start('thresholds', [...own, ...args]);
  cluster.addWorker('w1');
  cluster.addWorker('w2');
  return cluster;
}

async function expectExact(cluster: Cluster): Promise<void> {
  const { series, timeline, coarseSeconds, notes } = await cluster.result();
  const bySeries = series.map(({ name, requests }) => [name, requests]);
  expect(Object.fromEntries(bySeries)).toEqual(counts);
  for (const { name, latencyMs } of series) {
    if (name === '/admin') expect(latencyMs.min).toBeGreaterThan(SLOW_MS - 2);
    expect(latencyMs.max).toBeGreaterThan(0);
  }
  // No response time is missing.
  expect(notes.map(({ code }) => code)).not.toContain('times-missing');
  expect(coarseSeconds).toBeGreaterThan(1);
  // Each second has quantiles over all series.
  for (const { requests, p99Ms } of timeline) expect(p99Ms > 0).toBe(requests > 0);
}

test('counts and response times are complete, and status shows how often they are updated', async () => {
  await using cluster = await clusterOf('-t', '7s');
  const status = await cluster.until(({ state }) => state === 'running');
  expect(status.quantilesEverySeconds).toBe(5);
  await expectExact(cluster);
});

test('another master receives what workers hold back', async () => {
  await using cluster = await clusterOf('-t', '10m');
  await cluster.until(({ elapsedMs }) => elapsedMs > 2_000);
  await cluster.killMaster();
  cluster.startMasterAgain();
  await cluster.master.prints(/Resuming run/);
  await cluster.until(({ elapsedMs }) => elapsedMs > 6_500);
  // The seconds of all series add up to those of the run, also those of the former master.
  await eventually(async () => {
    const { timelines } = await cluster.get<SeriesTimelineView>('series/timeline');
    const last = timelines[0]!.points.at(-1)!;
    const { points } = await cluster.get<TimelineView>(`timeline?to=${last.second + last.seconds}`);
    const requests = points.reduce((sum, point) => sum + point.requests, 0);
    return timelines.reduce((sum, one) => sum + sumsOf(one)[0], 0) === requests || undefined;
  });
  await cluster.order('stop');
  await expectExact(cluster);
});

test('after a reset, counting begins with the next window', async () => {
  await using cluster = await clusterOf('-t', '12s');
  await cluster.until(({ elapsedMs }) => elapsedMs > 2_000);
  const answer = await cluster.order('reset');
  expect(await answer.json()).toMatchObject({ message: 'The statistics are reset at 10s.' });
  const { notes, totals, timeline } = await cluster.result();
  expect(notes.map(({ code }) => code)).not.toContain('times-missing');
  expect(timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
  expect(totals.requests).toBeGreaterThan(0);
  expect(totals.requests).toBeLessThan(Object.values(counts).reduce((a, b) => a + b));
});
