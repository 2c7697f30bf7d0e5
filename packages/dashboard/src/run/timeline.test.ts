import { expect, test } from '@jest/globals';
import { RunTimeline } from './timeline.js';

const START = Date.parse('2026-11-29T12:00:00.000Z');

function point(second: number, requests: number) {
  const at = new Date(START + second * 1_000).toISOString();
  return { at, users: 1, requests, failures: 0, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
}

test('seconds that came as events stay when the past is loaded after them', () => {
  const timeline = new RunTimeline();
  timeline.put(3, point(3, 40));
  timeline.load({
    fromSecond: 0,
    stepSeconds: 1,
    annotations: [],
    points: [point(0, 10), point(1, 20), point(2, 30)],
  });
  expect(timeline.column(({ requests }) => requests)).toEqual([10, 20, 30, 40]);
  expect(timeline.startMs).toBe(START);
});

test('an event is newer than an answer that was asked for before it', () => {
  const timeline = new RunTimeline();
  timeline.expectLoad();
  timeline.put(1, point(1, 25));
  timeline.load({ fromSecond: 0, stepSeconds: 1, annotations: [], points: [point(0, 10), point(1, 20)] });
  expect(timeline.column(({ requests }) => requests)).toEqual([10, 25]);
  expect([timeline.isGapBefore(2), timeline.isGapBefore(3)]).toEqual([false, true]);
});

test('a second that is not known is a gap, and a correction replaces its point', () => {
  const timeline = new RunTimeline();
  timeline.put(0, point(0, 1));
  timeline.put(2, { ...point(2, 3), untrusted: ['w1'] });
  expect(timeline.column(({ requests }) => requests)).toEqual([1, null, 3]);
  expect(timeline.untrusted()).toEqual([{ second: 2, workers: ['w1'] }]);
  timeline.put(2, point(2, 9));
  expect(timeline.last?.requests).toBe(9);
});

test('a second is added to the merged point that it is in, once', () => {
  const timeline = new RunTimeline();
  const points = [point(0, 100), { ...point(10, 40), latencyBands: '5:3,0,12' }];
  timeline.load({ fromSecond: 0, stepSeconds: 10, annotations: [], points });
  const late = { ...point(14, 7), p99Ms: 9, latencyBands: '7:1,2', plannedUsers: 4 };
  timeline.put(14, late);
  timeline.put(14, late);
  timeline.put(20, point(20, 5));
  expect(timeline.column(({ requests }) => requests)).toEqual([100, 47, 5]);
  expect(timeline.column(({ p99Ms }) => p99Ms)).toEqual([3, 9, 3]);
  expect(timeline.bands()[1]).toEqual([
    { band: 5, count: 3 },
    { band: 7, count: 13 },
    { band: 8, count: 2 },
  ]);
  expect(timeline.plans()).toEqual([undefined, { users: 4, rate: undefined }, undefined]);
});

test('merged seconds have their place on the time axis', () => {
  const timeline = new RunTimeline();
  timeline.load({ fromSecond: 0, stepSeconds: 10, annotations: [], points: [point(0, 100), point(10, 200)] });
  expect(timeline.seconds()).toEqual([0, 10]);
  expect(timeline.startMs).toBe(START);
});
