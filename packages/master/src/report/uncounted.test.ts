import { describe, expect, test } from '@jest/globals';
import type { Uncounted } from '../allocation/loss.js';
import { Pace } from '../allocation/pace.js';
import { encodeHistogram, Histogram, Timeline, type IntervalDelta } from '@drumline/stats';
import { rateAround } from './rates.js';
import { boundsOf } from './uncounted.js';

/** Ten users for four seconds, dead after one of them. */
const LOSS: Uncounted = {
  fromMs: 10_000,
  untilMs: 14_000,
  userSeconds: 40,
  likelyUserSeconds: 10,
  inFlight: 10,
  lanes: 2,
};
const STEADY = { most: 5, mean: 5, sample: 10_000 };

describe('what a loss left uncounted', () => {
  test('is bounded by the worker’s own rate', () => {
    const bounds = boundsOf({ ...LOSS, rate: STEADY }, { ...STEADY, mean: 900 });
    expect(bounds).toMatchObject({ uncountedLikely: 50, uncountedBy: 'own-rate' });
    expect(bounds.uncountedAtMost).toBeGreaterThanOrEqual(200 + 10);
    expect(bounds.uncountedAtMost).toBeLessThan(250);
  });

  test('is bounded by the rate of other users if its own is unknown', () => {
    const { uncountedAtMost, uncountedBy } = boundsOf(LOSS, STEADY);
    expect(uncountedBy).toBe('rate-of-others');
    expect(uncountedAtMost).toBe(boundsOf({ ...LOSS, rate: STEADY }, undefined).uncountedAtMost);
  });

  test('is bounded by the capacity of its lanes if the whole run counted nothing', () => {
    expect(boundsOf(LOSS, undefined)).toEqual({
      uncountedAtMost: 1_600_010,
      uncountedLikely: 0,
      uncountedBy: 'capacity',
    });
  });

  test('uses the busiest second for a short time, and averages busy and quiet seconds over a long one', () => {
    const rate = { most: 10, mean: 5, sample: 10_000 };
    const over = (seconds: number): number =>
      boundsOf({ ...LOSS, rate, untilMs: 10_000 + seconds * 1_000, userSeconds: 100 * seconds }, undefined)
        .uncountedAtMost / seconds;
    expect(over(1)).toBeGreaterThanOrEqual(1_000);
    expect(over(100)).toBeLessThan(700);
  });

  test('may be more if the rate is known from few requests', () => {
    const atMost = (sample: number): number =>
      boundsOf({ ...LOSS, rate: { ...STEADY, sample } }, undefined).uncountedAtMost;
    expect(atMost(10_000) - atMost(Infinity)).toBeLessThan(5);
    // Four requests tell the rate only within a factor of two.
    expect(atMost(4)).toBeGreaterThan(400);
  });
});

describe('the pace of a worker', () => {
  test('is the requests of one user per second, without the newest second, which may be incomplete', () => {
    const pace = new Pace();
    [40, 60, 50, 7].forEach((requests, second) => pace.add(second, requests, 10));
    expect(pace.rate).toEqual({ most: 6, mean: 5, sample: 150 });
    expect(new Pace(pace.storedThrough(Infinity)).rate).toEqual(pace.rate);
  });

  test('is unknown before a second is complete, and for seconds without users', () => {
    const pace = new Pace();
    pace.add(0, 40, 0);
    expect(pace.rate).toBeUndefined();
    pace.add(1, 50, 0);
    expect(pace.rate).toBeUndefined();
  });

  test('uses the fewest users reported in a second, and remembers the most', () => {
    const pace = new Pace();
    pace.add(0, 20, 10);
    pace.add(0, 20, 4);
    pace.add(1, 1, 4);
    expect(pace.rate?.most).toBe(10);
    expect(pace.mostUsers).toBe(10);
    const restored = new Pace(pace.storedThrough(Infinity));
    expect(restored.rate).toEqual(pace.rate);
    expect(restored.mostUsers).toBe(10);
  });
});

describe('the rate of other users', () => {
  const timelineOf = (requests: readonly number[]): Timeline => {
    const timeline = new Timeline();
    const key = { protocol: 'http', method: 'GET', name: '/', user: 'visitor', tags: [] };
    const latency = encodeHistogram(new Histogram());
    const rest = { failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0, errors: [], latency };
    const none = { checks: [], metrics: [], exceptions: [] };
    requests.forEach((count, second) =>
      timeline.add({ second, series: [{ key, requests: count, ...rest }], ...none } as IntervalDelta),
    );
    return timeline;
  };

  test('does not count the users of the loss in the seconds of the loss', () => {
    const around = { timeline: timelineOf([10, 20, 4]), users: [20, 20, 20], fromSecond: 0 };
    const loss = { fromMs: 2_000, untilMs: 9_000, inFlight: 16 };
    // The first second is that of a ramp, and of the 20 users in the third, 16 are lost.
    expect(rateAround(around, loss, 1)).toEqual({ most: 1, mean: 1, sample: 34 });
  });

  test('is unknown if all users were lost from the beginning', () => {
    const around = { timeline: timelineOf([1, 2]), users: [8, 8], fromSecond: 0 };
    expect(rateAround(around, { fromMs: 0, untilMs: 9_000, inFlight: 8 }, 1)).toBeUndefined();
  });
});
