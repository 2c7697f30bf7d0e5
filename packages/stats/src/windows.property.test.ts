import { expect, test } from '@jest/globals';
import type { SeriesKey, Threshold, ThresholdSubject } from '@drumline/model';
import fc from 'fast-check';
import type { IntervalDelta } from './delta.js';
import { Recorder } from './recorder.js';
import { SeriesTimeline } from './series-timeline.js';
import { ThresholdJudge } from './thresholds/index.js';
import { Timeline } from './timeline.js';
import { Totals } from './totals.js';
import { HeldTimes, QUANTILES_EVERY, WINDOW_BLOCK_SECONDS } from './windows.js';

const KEYS: SeriesKey[] = ['/a', '/b', '/c'].map((name) => ({
  protocol: name === '/c' ? 'sse' : 'http',
  method: 'GET',
  name,
  user: 'Buyer',
  tags: [],
}));

interface Step {
  readonly every: (typeof QUANTILES_EVERY)[number];
  /** A lane hands over a second this much later. */
  readonly lateSeconds: number;
  /** How long the worker waits with its windows. */
  readonly delaySeconds: number;
  readonly requests: readonly {
    readonly key: SeriesKey;
    readonly durationUs: number;
    readonly lateMs: number;
    readonly ok: boolean;
  }[];
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    every: fc.constantFrom(...QUANTILES_EVERY),
    lateSeconds: fc.constantFrom(0, 0, 0, 0, 3, 14),
    delaySeconds: fc.constantFrom(0, 0, 1, 9),
    requests: fc.array(
      fc.record({
        key: fc.constantFrom(...KEYS),
        durationUs: fc.integer({ min: 0, max: 50_000 }),
        lateMs: fc.constantFrom(0, 0, 40),
        ok: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 45 },
);

/** What a lane hands over at the end of each second. */
function secondsOf(all: readonly Step[]): IntervalDelta[][] {
  return all.map(({ lateSeconds, requests }, second) => {
    const endedAtMs = Math.max(0, second - lateSeconds) * 1_000 + 1;
    const recorder = new Recorder(0);
    for (const { key, durationUs, lateMs, ok } of requests) {
      const outcome = ok ? 'passed' : 'interrupted';
      const bytes = { bytesSent: 1, bytesReceived: 2 };
      recorder.record({ series: key, outcome, endedAtMs, durationUs, lateMs, ...bytes });
    }
    return recorder.close(endedAtMs + 1);
  });
}

/** What a worker reports. */
function reported(all: readonly Step[]): IntervalDelta[] {
  const held = new HeldTimes();
  const deltas = secondsOf(all).flatMap((parts, second) => {
    held.everySeconds = all[second]!.every;
    return [...parts.map((delta) => held.hold(delta)), ...held.take(second - all[second]!.delaySeconds)];
  });
  return [...deltas, ...held.take(Infinity)];
}

function totalsOf(deltas: readonly IntervalDelta[]): Totals {
  const totals = new Totals();
  for (const delta of deltas) totals.add(delta);
  return totals;
}

test('counts and response times add up to those without windows', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const whole = totalsOf(secondsOf(all).flat());
      const totals = totalsOf(reported(all));
      expect(totals.snapshot()).toEqual(whole.snapshot());
      expect(totals.untimed).toBe(0);
    }),
  );
});

test('each second has its counts, and its quantiles over all series', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const pointsOf = (deltas: readonly IntervalDelta[]): unknown => {
        const timeline = new Timeline();
        for (const delta of deltas) timeline.add(delta);
        return timeline.points(0, 60).map((point) => ({ ...point, coarseTimes: 0 }));
      };
      // Windows alone do not change a second.
      const counts = reported(all).filter(({ windows }) => windows === undefined);
      expect(pointsOf(counts)).toEqual(pointsOf(secondsOf(all).flat()));
      expect(pointsOf(reported(all))).toEqual(pointsOf(counts));
    }),
  );
});

test('thresholds come to the same verdict, and those over everything at the same time', () => {
  const threshold = (subject: ThresholdSubject, windowSeconds?: number): Threshold => ({
    expression: 'p90 < 20ms',
    subject,
    statistic: 'p90',
    operator: '<',
    limit: 20,
    unit: 'ms',
    ...(windowSeconds !== undefined && { windowSeconds }),
  });
  const ofRun = [threshold({ kind: 'requests' }), threshold({ kind: 'requests', name: '/a' })];
  const judged = (deltas: readonly IntervalDelta[], thresholds: Threshold[]): unknown => {
    const judge = new ThresholdJudge(thresholds);
    for (const delta of deltas) judge.add(delta);
    for (let second = 0; second <= 50; second += 1) judge.close(second);
    return judge.finish(50, 51);
  };
  fc.assert(
    fc.property(steps, (all) => {
      const seconds = secondsOf(all).flat();
      for (const one of [ofRun, [threshold({ kind: 'requests' }, 3)]])
        expect(judged(reported(all), one)).toEqual(judged(seconds, one));
    }),
  );
});

test('a threshold over a few seconds keeps its state until the response times arrive', () => {
  const judge = new ThresholdJudge([
    {
      expression: 'p50 < 10ms over 2s',
      subject: { kind: 'requests', name: '/a' },
      statistic: 'p50',
      operator: '<',
      limit: 10,
      unit: 'ms',
      windowSeconds: 2,
    },
  ]);
  const slow: Step = {
    every: 10,
    lateSeconds: 0,
    delaySeconds: 0,
    requests: [{ key: KEYS[0]!, durationUs: 30_000, lateMs: 0, ok: true }],
  };
  const changes: number[] = [];
  const deltas = reported(Array.from({ length: 40 }, () => slow));
  for (let second = 0; second < 40; second += 1) {
    for (const delta of deltas) if (delta.second === second) judge.add(delta);
    if (judge.close(second).length > 0) changes.push(second);
  }
  expect(changes).toEqual([9]);
});

test('windows end on time, and do not cross a multiple of ten seconds', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const held = new HeldTimes();
      for (const [second, parts] of secondsOf(all).entries()) {
        held.everySeconds = all[second]!.every;
        for (const delta of parts) held.hold(delta);
        const taken = held.take(second);
        for (const { second: end, windows = [] } of taken) {
          const block = (at: number): number => Math.floor(at / WINDOW_BLOCK_SECONDS);
          for (const { fromSecond } of windows) expect(block(fromSecond)).toBe(block(end));
        }
        if ((second + 1) % WINDOW_BLOCK_SECONDS === 0) expect(held.isEmpty).toBe(true);
      }
    }),
  );
});

test('the CSV history shows the quantiles of a window for each of its seconds', () => {
  const key = KEYS[0]!;
  const request = (durationUs: number): Step => ({
    every: 2,
    lateSeconds: 0,
    delaySeconds: 0,
    requests: [{ key, durationUs, lateMs: 0, ok: true }],
  });
  const timeline = new SeriesTimeline();
  for (const delta of reported([request(1_000), request(2_000), request(3_000)])) timeline.add(delta);
  expect(timeline.points()).toMatchObject([
    { second: 0, requests: 1, p50Ms: 1, p99Ms: 2 },
    { second: 1, requests: 1, p50Ms: 1, p99Ms: 2 },
    { second: 2, requests: 1, p50Ms: 3, p99Ms: 3 },
  ]);
});
