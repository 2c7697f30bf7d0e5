import { describe, expect, test } from '@jest/globals';
import { Pace } from './pace.js';
import { boundsOf, type Uncounted } from './uncounted.js';

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
  test('is bounded by its own rate', () => {
    const bounds = boundsOf({ ...LOSS, rate: STEADY }, { most: 900, mean: 900 });
    expect(bounds).toMatchObject({ uncountedLikely: 50, uncountedBy: 'own-rate' });
    expect(bounds.uncountedAtMost).toBeGreaterThanOrEqual(200 + 10);
    expect(bounds.uncountedAtMost).toBeLessThan(250);
  });

  test('is bounded by the rate of users elsewhere if its own is not known', () => {
    const { uncountedAtMost, uncountedBy } = boundsOf(LOSS, STEADY);
    expect(uncountedBy).toBe('rate-of-others');
    expect(uncountedAtMost).toBe(boundsOf({ ...LOSS, rate: STEADY }, undefined).uncountedAtMost);
  });

  test('is bounded by what its lanes can send if nothing was counted in the whole run', () => {
    expect(boundsOf(LOSS, undefined)).toEqual({
      uncountedAtMost: 1_600_010,
      uncountedLikely: 0,
      uncountedBy: 'capacity',
    });
  });

  test('takes the busiest second over a short time, and lets busy and quiet seconds make up for each other over a long one', () => {
    const rate = { most: 10, mean: 5 };
    const over = (seconds: number): number =>
      boundsOf({ ...LOSS, rate, untilMs: 10_000 + seconds * 1_000, userSeconds: 100 * seconds }, undefined)
        .uncountedAtMost / seconds;
    expect(over(1)).toBeGreaterThanOrEqual(1_000);
    expect(over(100)).toBeLessThan(700);
  });
});

describe('the pace of a worker', () => {
  test('is what one of its users makes in a second, without the newest one, which may not be whole', () => {
    const pace = new Pace();
    [40, 60, 50, 7].forEach((requests, second) => pace.add(second, requests, 10));
    expect(pace.rate).toEqual({ most: 6, mean: 5 });
    expect(new Pace(pace.stored).rate).toEqual(pace.rate);
  });

  test('is not known before a second is whole, and not of seconds without users', () => {
    const pace = new Pace();
    pace.add(0, 40, 0);
    expect(pace.rate).toBeUndefined();
    pace.add(1, 50, 0);
    expect(pace.rate).toBeUndefined();
  });

  test('counts with the fewest users while a second was reported, and remembers the most', () => {
    const pace = new Pace();
    pace.add(0, 20, 10);
    pace.add(0, 20, 4);
    pace.add(1, 1, 4);
    expect(pace.rate?.most).toBe(10);
    expect(pace.mostUsers).toBe(10);
  });
});
