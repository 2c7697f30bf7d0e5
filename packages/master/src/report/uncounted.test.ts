import { describe, expect, test } from '@jest/globals';
import type { Uncounted } from '../allocation/loss.js';
import { Pace } from '../allocation/pace.js';
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
const STEADY = { most: 5, mean: 5 };

describe('what a loss left uncounted', () => {
  test('is bounded by the worker’s own rate', () => {
    const bounds = boundsOf({ ...LOSS, rate: STEADY }, { most: 900, mean: 900 });
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
    const rate = { most: 10, mean: 5 };
    const over = (seconds: number): number =>
      boundsOf({ ...LOSS, rate, untilMs: 10_000 + seconds * 1_000, userSeconds: 100 * seconds }, undefined)
        .uncountedAtMost / seconds;
    expect(over(1)).toBeGreaterThanOrEqual(1_000);
    expect(over(100)).toBeLessThan(700);
  });
});

describe('the pace of a worker', () => {
  test('is the requests of one user per second, without the newest second, which may be incomplete', () => {
    const pace = new Pace();
    [40, 60, 50, 7].forEach((requests, second) => pace.add(second, requests, 10));
    expect(pace.rate).toEqual({ most: 6, mean: 5 });
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
  });
});
