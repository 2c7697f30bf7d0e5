import { expect, test } from '@jest/globals';
import { encodeHistogram, Histogram, type IntervalEvent } from '@drumline/stats';
import type { Participant } from '../allocation/participant.js';
import { Intervals } from '../intervals/intervals.js';
import type { StartedRun } from './started-run.js';
import { Trust } from './trust.js';

const STATE = {
  users: 1,
  plannedUsers: 1,
  cutOffUsers: 0,
  workers: { present: 1, missing: 0 },
  busiestLane: 0,
};

/** A worker that sends heartbeats with this delay of its event loop. */
function workerWith(loopDelayMs: number, sentAtMs = 0): Participant {
  const lane = {
    lane: 0,
    users: 1,
    busy: 0.5,
    cpu: 0.5,
    loopDelayMs,
    loopDelayP99Ms: loopDelayMs,
    stalledMs: 0,
  };
  return { id: 'w1', tookPart: true, health: { sentAtMs, lanes: [lane] } } as unknown as Participant;
}

/** Intervals of which each second has one request. */
function intervalsThrough(lastSecond: number): { intervals: Intervals; events: IntervalEvent[] } {
  const intervals = new Intervals({ covered: () => {}, onSubscriberProblem: () => {} });
  const events: IntervalEvent[] = [];
  intervals.stream.subscribe('test', (event) => void events.push(event));
  const histogram = new Histogram();
  histogram.record(20_000);
  const key = { protocol: 'http', method: 'GET', name: '/', user: 'visitor', tags: [] };
  const rest = { failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0, errors: [] };
  for (let second = 0; second <= lastSecond; second += 1)
    intervals.aggregate.add({
      second,
      series: [{ key, requests: 1, ...rest, latency: encodeHistogram(histogram) }],
      checks: [],
      metrics: [],
      exceptions: [],
    });
  const parts = { startAtMs: 0, unreadForMs: () => 0, observe: () => STATE, closed: () => {} };
  intervals.start({ ...parts, workers: () => [], reporting: () => [] }, 0);
  intervals.end(lastSecond);
  return { intervals, events };
}

test('a mark that comes after its second has closed corrects it', () => {
  const { intervals, events } = intervalsThrough(3);
  const started = { clock: { elapsedMs: 4_400 } } as StartedRun;
  const trust = new Trust({ run: { started }, intervals, notes: { add: () => {} } });
  trust.heartbeat(workerWith(3));
  intervals.stream.flush();
  expect(events.filter(({ type }) => type === 'corrected')).toEqual([]);
  trust.heartbeat(workerWith(400));
  intervals.stream.flush();
  expect(intervals.aggregate.untrusted.workersIn(3)).toEqual(['w1']);
  expect(events.filter(({ type }) => type === 'corrected')).toMatchObject([
    { second: 3, number: 4, isMarked: true, counts: { series: [] } },
  ]);
});

test('the note calls a short delay in the first second alone a warm-up', () => {
  const noteAfter = (...delaysMs: [second: number, loopDelayMs: number][]): string | undefined => {
    const { intervals } = intervalsThrough(3);
    let note: string | undefined;
    const clock = { elapsedMs: 0 };
    const run = { started: { clock } as unknown as StartedRun };
    const trust = new Trust({ run, intervals, notes: { add: (_, message) => (note = message) } });
    for (const [second, loopDelayMs] of delaysMs) {
      clock.elapsedMs = (second + 1) * 1_000;
      trust.heartbeat(workerWith(loopDelayMs));
    }
    return note;
  };
  const advice = /^Worker w1 was the bottleneck in \d seconds?: /;
  expect(noteAfter([0, 20])).toBe(
    'The first second includes the warm-up of worker w1: the event loop of lane 0 was late by up to 20ms. Later seconds are not affected.',
  );
  expect(noteAfter([0, 400])).toMatch(advice);
  expect(noteAfter([1, 20])).toMatch(advice);
  expect(noteAfter([0, 20], [1, 20])).toMatch(advice);
});
