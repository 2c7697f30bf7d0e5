import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { RateCurve } from './rate-curve.js';
import { changeRate, limitRateTime, rateAt, stagesDurationMs, type RateProfile } from './rate-profile.js';

const rate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2_000 }),
  fc.double({ min: 0.001, max: 50, noNaN: true }),
);
const stage = fc.record({
  durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 })),
  toPerSecond: rate,
});
const profile: fc.Arbitrary<RateProfile> = fc.record({
  fromPerSecond: rate,
  stages: fc.array(stage, { maxLength: 5 }),
});
const part = fc.double({ min: 0, max: 1, noNaN: true });
const hold = (perSecond: number, durationMs: number | null): RateProfile => ({
  fromPerSecond: perSecond,
  stages: [{ durationMs, toPerSecond: perSecond }],
});

describe('the starts of a rate', () => {
  test.each([
    [hold(200, 600_000), 120_000],
    [hold(1 / 3, 30_000), 10],
    [hold(0.15, 20_000), 3],
    [hold(0.1, 1_000), 1],
    [hold(1_000 / 300, 300_000), 1_000],
    [{ fromPerSecond: 0, stages: [{ durationMs: 10_000, toPerSecond: 100 }] }, 500],
    [hold(0, 10_000), 0],
    [{ fromPerSecond: 5, stages: [] }, 0],
  ])('%j has %i', (one, total) => {
    const curve = new RateCurve(one);
    expect(curve.total).toBe(total);
    expect(curve.dueBefore(1e12)).toBe(total);
  });

  it('are evenly spaced at a constant rate, the first one at the beginning', () => {
    const curve = new RateCurve(hold(4, null));
    expect([0, 1, 2, 3, 4_000_000].map((n) => curve.timeOf(n))).toEqual([0, 250, 500, 750, 1e9]);
    expect(curve.total).toBe(Infinity);
  });

  it('are spaced evenly at high rates, and never bunched in a millisecond', () => {
    const high = new RateCurve(hold(100_000, null));
    for (const n of [0, 1, 99, 100_000, 3_600_000_000]) {
      expect(high.timeOf(n)).toBeCloseTo(n / 100, 6);
      expect(high.timeOf(n + 1) - high.timeOf(n)).toBeCloseTo(0.01, 6);
    }
    const ramp = new RateCurve({
      fromPerSecond: 0,
      stages: [{ durationMs: 10_000, toPerSecond: 100_000 }],
    });
    // At 90,000/s, they are 11 µs apart.
    const from = ramp.dueBefore(9_000);
    const gaps = Array.from({ length: 1_000 }, (_, i) => ramp.timeOf(from + i + 1) - ramp.timeOf(from + i));
    for (const gap of gaps) expect(gap).toBeCloseTo(1 / 90, 3);
  });

  it('wait while the rate is zero', () => {
    const stages = [0, 2].map((toPerSecond) => ({ durationMs: 5_000, toPerSecond }));
    const late = new RateCurve({
      fromPerSecond: 0,
      stages: [stages[0]!, { durationMs: 0, toPerSecond: 2 }, stages[1]!],
    });
    expect([late.total, late.timeOf(0), late.timeOf(1)]).toEqual([10, 5_000, 5_500]);
  });

  it('have ascending due times at which the integral of the rate is their number', () => {
    fc.assert(
      fc.property(profile, part, (one, fraction) => {
        const curve = new RateCurve(one);
        fc.pre(curve.total > 0);
        const n = Math.min(curve.total - 1, Math.floor(curve.total * fraction));
        const ms = curve.timeOf(n);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(curve.durationMs);
        expect(Math.abs(curve.amountAt(ms) - n)).toBeLessThan(1e-4);
        if (n > 0) expect(curve.timeOf(n - 1)).toBeLessThanOrEqual(ms);
        expect(curve.timeOf(curve.total)).toBe(Infinity);
      }),
    );
  });

  it('are counted before a time exactly as their due times say', () => {
    const slow = profile.filter((one) => new RateCurve(one).total < 2_000);
    fc.assert(
      fc.property(slow, part, (one, fraction) => {
        const curve = new RateCurve(one);
        const atMs = curve.durationMs * fraction * 1.1;
        const times = Array.from({ length: curve.total }, (_, n) => curve.timeOf(n));
        expect(curve.dueBefore(atMs)).toBe(times.filter((ms) => ms < atMs).length);
        for (const ms of times.slice(0, 20))
          expect(curve.dueBefore(ms)).toBe(times.filter((t) => t < ms).length);
      }),
    );
  });
});

describe('a changed rate', () => {
  it('keeps the due times of the past', () => {
    fc.assert(
      fc.property(profile, part, rate, fc.nat(20_000), (one, fraction, to, overMs) => {
        const endMs = stagesDurationMs(one.stages)!;
        fc.pre(endMs > 0);
        const atMs = endMs * fraction;
        const changed = changeRate(one, atMs, to, overMs);
        expect(stagesDurationMs(changed.stages)).toBeCloseTo(endMs, 6);
        const [before, after] = [new RateCurve(one), new RateCurve(changed)];
        const past = Math.max(0, before.dueBefore(atMs) - 1);
        for (const n of [0, past >> 1, past - 1].filter((one) => one >= 0 && one < past))
          expect(after.timeOf(n)).toBeCloseTo(before.timeOf(n), 4);
        const reachedMs = atMs + overMs + 1;
        if (reachedMs < endMs) expect(rateAt(changed, reachedMs)).toBeCloseTo(to, 6);
      }),
    );
  });

  it('ends with the run time, and holds its last rate until then', () => {
    const limited = limitRateTime(hold(10, 1_000), 5_000);
    expect(new RateCurve(limited).total).toBe(50);
    expect(new RateCurve(limitRateTime(hold(10, null), 5_000)).total).toBe(50);
    expect(new RateCurve(limitRateTime(hold(10, 60_000), 5_000)).total).toBe(50);
  });
});
