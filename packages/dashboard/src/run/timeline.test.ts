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

test('a second that is not known is a gap, and a correction replaces its point', () => {
  const timeline = new RunTimeline();
  timeline.put(0, point(0, 1));
  timeline.put(2, { ...point(2, 3), untrusted: ['w1'] });
  expect(timeline.column(({ requests }) => requests)).toEqual([1, null, 3]);
  expect(timeline.untrusted()).toEqual([{ second: 2, workers: ['w1'] }]);
  timeline.put(2, point(2, 9));
  expect(timeline.last?.requests).toBe(9);
});

test('merged seconds have their place on the time axis', () => {
  const timeline = new RunTimeline();
  timeline.load({ fromSecond: 0, stepSeconds: 10, annotations: [], points: [point(0, 100), point(10, 200)] });
  expect(timeline.seconds()).toEqual([0, 10]);
  expect(timeline.startMs).toBe(START);
});
