import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  encodeHistogram,
  Histogram,
  ThresholdJudge,
  type IntervalDelta,
  type SeriesDelta,
  type IntervalEvent,
} from '@drumline/stats';
import type { RunInterval } from '@drumline/wire';
import { IntervalStream } from '../intervals/interval-stream.js';
import { HookIntervals, type IntervalHook } from './hook-intervals.js';

const STATE = {
  users: 3,
  plannedUsers: 4,
  cutOffUsers: 0,
  workers: { present: 1, missing: 0 },
  busiestLane: 0,
};

/** Encoded response times in milliseconds. */
function times(...ms: readonly number[]): Uint8Array {
  const histogram = new Histogram();
  for (const one of ms) histogram.record(one * 1_000);
  return encodeHistogram(histogram);
}

const key = {
  protocol: 'http',
  method: 'GET',
  name: '/',
  user: 'shopper',
  tags: [['phase', 'peak']],
} as const;

function seriesOf(requests: number, latency: Uint8Array): SeriesDelta {
  return { key, requests, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0, latency, errors: [] };
}

function delta(second: number, own: Partial<IntervalDelta> = {}): IntervalDelta {
  return { second, series: [], checks: [], metrics: [], exceptions: [], ...own };
}

/** A run whose hooks call `receive`. */
function runWith(events: readonly IntervalHook[], receive: (interval: RunInterval) => Promise<void> | void) {
  const received: [IntervalHook, RunInterval][] = [];
  const notes = new Map<string, string>();
  const stream = new IntervalStream(() => {});
  const untrusted = { workersIn: (second: number) => (second === 1 ? ['w1'] : undefined) };
  const run = { isRunning: true, intervals: { stream, aggregate: { untrusted } } };
  const hooks = new HookIntervals(
    { clock: { startedAt: new Date(1_000) }, judge: new ThresholdJudge([]) } as never,
    run,
    {
      has: (event) => events.includes(event),
      interval: async (event, interval) => {
        received.push([event, interval]);
        await receive(interval);
      },
    },
    { add: (code, message, id) => void notes.set(id!, `${code}: ${message}`) },
  );
  const emit = async (...all: readonly IntervalEvent[]): Promise<void> => {
    for (const event of all) {
      stream.emit(event);
      stream.flush();
      await turn();
    }
  };
  const closed = (second: number, own: Partial<IntervalDelta> = {}): IntervalEvent => ({
    type: 'closed',
    number: second + 1,
    second,
    counts: delta(second, own),
    state: STATE,
    completeThrough: second,
  });
  const corrected = (second: number, own: Partial<IntervalDelta>): IntervalEvent => ({
    type: 'corrected',
    number: second + 1,
    second,
    counts: delta(second, own),
  });
  return { run, hooks, received, notes, emit, closed, corrected };
}

test('a hook that is too slow loses its own seconds, which a note counts', async () => {
  let finish = (): void => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const { received, notes, emit, closed, hooks } = runWith(['second', 'tenSeconds'], ({ seconds }) =>
    seconds === 1 ? slow : undefined,
  );
  await emit(...Array.from({ length: 64 }, (_, second) => closed(second)));
  expect(notes.get('intervals-lost second')).toBe(
    'intervals-lost: onMaster.second did not receive all seconds of the run: it is too slow and has lost 3 intervals. The report is complete.',
  );
  expect(received.filter(([event]) => event === 'tenSeconds')).toHaveLength(6);
  finish();
  await hooks.settle();
  const numbers = received.flatMap(([event, { number }]) => (event === 'second' ? [number] : []));
  expect(numbers).toEqual([1, ...Array.from({ length: 60 }, (_, i) => i + 5)]);
  expect(received.filter(([event]) => event === 'tenSeconds').at(-1)![1]).toMatchObject({
    fromSecond: 60,
    seconds: 4,
  });
});

test('counts that arrive later are in the next second, and in the ten seconds that are open', async () => {
  const { received, emit, closed, corrected, hooks } = runWith(['second', 'tenSeconds'], () => {});
  await emit(
    closed(0, { series: [seriesOf(2, times(1, 3))] }),
    corrected(0, { series: [seriesOf(1, times(9))] }),
    closed(1),
  );
  await hooks.settle();
  const told = received.map(([event, { number, totals, late, untrusted }]) => [
    event,
    number,
    totals.requests,
    late && [late.fromSecond, late.totals.requests],
    untrusted,
  ]);
  expect(told).toEqual([
    ['second', 1, 2, undefined, []],
    ['second', 2, 0, [0, 1], ['w1']],
    ['tenSeconds', 2, 3, undefined, ['w1']],
  ]);
  expect(received.at(-1)![1]).toMatchObject({
    at: new Date(1_000).toISOString(),
    users: 3,
    byUser: { shopper: { requests: 3 } },
    byPhase: { peak: { requests: 3, latencyMs: { max: 9 } } },
  });
});

test('when the run ends, the last second waits for what is late', async () => {
  const { run, received, emit, closed, corrected, hooks } = runWith(['second'], () => {});
  await emit(closed(0));
  run.isRunning = false;
  await emit(closed(1, { series: [seriesOf(1, times(1))] }));
  expect(received.map(([, { number }]) => number)).toEqual([1]);
  await emit(
    corrected(1, { series: [seriesOf(1, times(2))] }),
    corrected(0, { series: [seriesOf(4, times(2, 2, 2, 2))] }),
  );
  await hooks.settle();
  expect(received.at(-1)![1]).toMatchObject({
    number: 2,
    totals: { requests: 2 },
    late: { fromSecond: 0, totals: { requests: 4 } },
  });
});

test('while response times of series follow later, a second has those of all requests', async () => {
  const { received, emit, closed, hooks } = runWith(['second', 'tenSeconds'], () => {});
  await emit(
    closed(0, { series: [seriesOf(2, times())], coarseLatency: times(4, 8) }),
    closed(1, {
      series: [seriesOf(1, times())],
      coarseLatency: times(6),
      windows: [{ key, fromSecond: 0, latency: times(4, 6, 8) }],
    }),
  );
  await hooks.settle();
  const [[, first], [, second], [, ten]] = received as [
    [string, RunInterval],
    [string, RunInterval],
    [string, RunInterval],
  ];
  expect(first).toMatchObject({
    coarse: true,
    totals: { latencyMs: { min: 4, max: 8 } },
    series: [{ latencyMs: { max: 0 } }],
  });
  expect(second).toMatchObject({ coarse: true, totals: { latencyMs: { min: 6, max: 6 } } });
  expect(ten).not.toHaveProperty('coarse');
  expect(ten).toMatchObject({
    totals: { requests: 3, latencyMs: { min: 4, max: 8 } },
    series: [{ latencyMs: { max: 8 } }],
  });
});

test('after a reset, ten seconds begin again', async () => {
  const { received, emit, closed, hooks } = runWith(['tenSeconds'], () => {});
  await emit(closed(0, { series: [seriesOf(1, times(1))] }), { type: 'reset', fromSecond: 1 }, closed(1));
  await hooks.settle();
  expect(received).toMatchObject([['tenSeconds', { fromSecond: 1, seconds: 1, totals: { requests: 0 } }]]);
});
