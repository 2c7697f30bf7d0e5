import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  between,
  constant,
  exponential,
  normal,
  pacing,
  throughput,
  waitTimeOf,
  type WaitTime,
} from './wait.js';

const time = fc.nat(1_000_000);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a wait', () => {
  test('that is constant does not depend on the task', () => {
    expect(constant('2s').delayMs(0, 10_000, 0.9)).toBe(2_000);
    expect(constant(0).delayMs(0, 1, 0)).toBe(0);
  });

  test('between two times is uniformly distributed', () => {
    const wait = between('1s', '3s');
    expect(wait.delayMs(0, 0, 0)).toBe(1_000);
    expect(wait.delayMs(0, 0, 0.5)).toBe(2_000);
    expect(wait.delayMs(0, 0, 0.999_999)).toBeLessThan(3_000);
    expect(between('1s', '1s').delayMs(0, 0, 0.7)).toBe(1_000);
  });

  test('that is exponential has its mean, and the quantiles of the distribution', () => {
    const wait = exponential('2s');
    expect(meanOf(wait)).toBeCloseTo(2_000, -1);
    expect(wait.delayMs(0, 0, 0.5)).toBeCloseTo(2_000 * Math.LN2, 6);
    expect(wait.delayMs(0, 0, 1 - Math.exp(-3))).toBeCloseTo(6_000, 6);
    expect(wait.delayMs(0, 0, 0)).toBe(0);
  });

  test('that is normal has its mean, its deviation, and the quantiles of the distribution', () => {
    const wait = normal('2s', '500ms');
    expect(meanOf(wait)).toBeCloseTo(2_000, 0);
    expect(Math.sqrt(meanOf({ delayMs: (a, b, u) => (wait.delayMs(a, b, u) - 2_000) ** 2 }))).toBeCloseTo(
      500,
      0,
    );
    // Quantiles of the standard normal distribution, from published tables.
    for (const [u, z] of [
      [0.5, 0],
      [0.841344746068543, 1],
      [0.975, 1.959963984540054],
      [0.999, 3.090232306167814],
      [0.01, -2.326347874040841],
    ] as const)
      expect(wait.delayMs(0, 0, u)).toBeCloseTo(2_000 + 500 * z, 4);
  });

  test('of a distribution stays within its bounds', () => {
    fc.assert(
      fc.property(random, (u) => {
        for (const wait of [
          exponential('2s', { min: '1s', max: '3s' }),
          normal('2s', '5s', { min: 1_000, max: 3_000 }),
        ]) {
          const ms = wait.delayMs(0, 0, u);
          expect(ms).toBeGreaterThanOrEqual(1_000);
          expect(ms).toBeLessThanOrEqual(3_000);
        }
        expect(normal('1ms', '1s').delayMs(0, 0, u)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(() => exponential('1s', { min: '2s', max: '1s' })).toThrow(RangeError);
    expect(() => normal('1s', '1s', { mean: 3 } as never)).toThrow(/unknown|no option/);
  });

  test('can be a function that returns a duration', () => {
    const wait = waitTimeOf((u) => (u < 0.5 ? 7 : '2s'))!;
    expect(wait.delayMs(0, 0, 0.4)).toBe(7);
    expect(wait.delayMs(0, 0, 0.6)).toBe(2_000);
    expect(() => waitTimeOf(() => -1)!.delayMs(0, 0, 0)).toThrow(RangeError);
    expect(waitTimeOf(undefined)).toBeUndefined();
  });

  test('with pacing starts tasks at a constant interval, and at once after a slow one', () => {
    const wait = pacing('1s');
    expect(wait.delayMs(5_000, 5_200, 0)).toBe(800);
    expect(wait.delayMs(5_000, 6_000, 0)).toBe(0);
    expect(wait.delayMs(5_000, 9_000, 0)).toBe(0);
  });

  test('with throughput is pacing at that rate', () => {
    expect(throughput(0.5).delayMs(0, 100, 0)).toBe(1_900);
    expect(throughput(20).delayMs(0, 10, 0)).toBe(40);
  });

  test('with pacing or throughput spreads users over the interval, unless spread is false', () => {
    expect(pacing('2s').periodMs).toBe(2_000);
    expect(throughput(4).periodMs).toBe(250);
    for (const wait of [
      pacing(0),
      pacing('2s', { spread: false }),
      throughput(4, { spread: false }),
      constant(5),
    ])
      expect(wait.periodMs).toBeUndefined();
    expect(() => pacing('2s', { spraed: false } as never)).toThrow('did you mean spread?');
  });

  test('is never below 0', () => {
    const waits = [constant('1s'), between(0, '5s'), pacing('1s'), throughput(3)];
    fc.assert(
      fc.property(fc.constantFrom(...waits), time, time, random, (wait, startedMs, tookMs, number) => {
        expect(wait.delayMs(startedMs, startedMs + tookMs, number)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('that is invalid is refused at once', () => {
    expect(() => between('3s', '1s')).toThrow("between('3s', '1s'): the shorter time must come first");
    expect(() => throughput(0)).toThrow('throughput(0): the number must be greater than 0');
    expect(() => throughput(Number.NaN)).toThrow('greater than 0');
    expect(() => constant('soon' as '1s')).toThrow("'soon' is not a duration");
    expect(() => pacing(-5)).toThrow('-5 is not a duration');
  });
});

/** The mean over evenly spaced probabilities. */
function meanOf(wait: WaitTime): number {
  const steps = 200_000;
  let sum = 0;
  for (let i = 0; i < steps; i += 1) sum += wait.delayMs(0, 0, (i + 0.5) / steps);
  return sum / steps;
}
