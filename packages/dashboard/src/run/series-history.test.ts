import { expect, test } from '@jest/globals';
import type { SeriesTimelineQuery, TimedSeries } from '@drumline/client';
import { joined, SeriesHistory } from './series-history.js';

function point(second: number, seconds: number, requests: number) {
  return { second, seconds, requests, failures: 0, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
}

test('fresh points replace those that they cover', () => {
  const known = [point(0, 10, 100), point(10, 1, 10), point(11, 1, 11)];
  expect(joined(known, [point(10, 1, 10), point(11, 1, 12), point(12, 1, 9)])).toEqual([
    point(0, 10, 100),
    point(10, 1, 10),
    point(11, 1, 12),
    point(12, 1, 9),
  ]);
  expect(joined(known, [])).toEqual(known);
  expect(joined(known, [point(0, 20, 121)])).toEqual([point(0, 20, 121)]);
});

test('only what is new is read, until a reset', async () => {
  const asked: (number | undefined)[] = [];
  let requests = 30;
  let points = [point(0, 10, 20), point(10, 1, 10)];
  const read = async ({ from = 0 }: SeriesTimelineQuery) => {
    asked.push(from);
    const series = { id: 'a', requests } as TimedSeries['series'];
    const fresh = points.filter(({ second }) => second >= from - (from % 10));
    return { total: 1, timelines: [{ series, knownFrom: 0, points: fresh, distribution: [] }] };
  };
  const history = new SeriesHistory(read, ['a', 'gone']);
  expect((await history.next())[0]!.points).toEqual(points);
  [requests, points] = [37, [...points, point(11, 1, 7)]];
  expect((await history.next())[0]!.points).toEqual(points);
  [requests, points] = [5, [point(20, 1, 5)]];
  expect((await history.next()).map((one) => one.points)).toEqual([points]);
  expect(asked).toEqual([0, 10, 11, 0]);
});
