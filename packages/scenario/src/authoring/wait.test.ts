import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { between, constant, pacing, throughput } from './wait.js';

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
