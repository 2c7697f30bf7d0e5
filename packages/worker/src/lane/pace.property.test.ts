import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstDelayMs, nextDueMs, phaseOf } from './pace.js';

const PERIOD_MS = 1_000;
const instant = fc.double({ min: -1e7, max: 1e9, noNaN: true });
const period = fc.double({ min: 1, max: 1e6, noNaN: true });

/** How long a user waits for the next task. */
function nextDelayMs(placeMs: number, periodMs: number, startedMs: number, nowMs: number): number {
  return Math.max(0, nextDueMs(placeMs, periodMs, startedMs) - nowMs);
}

/** The distance of a start from its slot, from -half to half an interval. */
function offPlace(startMs: number, placeMs: number, periodMs = PERIOD_MS): number {
  const off = (startMs - placeMs) % periodMs;
  if (off > periodMs / 2) return off - periodMs;
  return off < -periodMs / 2 ? off + periodMs : off;
}

describe('phases', () => {
  test.each([10, 50, 200, 2_000])('of %i users are spread evenly over the interval', (users) => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let ordinal = 0; ordinal < users; ordinal += 1) tenths[Math.floor(phaseOf(ordinal) * 10)]! += 1;
    // Each tenth has nearly the same number, however many users there are.
    expect(Math.max(...tenths) - Math.min(...tenths)).toBeLessThanOrEqual(3);
  });

  test('of any contiguous part of the users are spread as well, as on a ramp or a worker', () => {
    for (const from of [0, 17, 1_000]) {
      const phases = Array.from({ length: 100 }, (_, i) => phaseOf(from + i)).sort((a, b) => a - b);
      const gaps = phases.map((phase, i) => (phases[i + 1] ?? phases[0]! + 1) - phase);
      expect(Math.max(...gaps)).toBeLessThan(0.03);
    }
  });
});

describe('a user with a constant interval', () => {
  test('starts at its slot, or at once if it is there', () => {
    fc.assert(
      fc.property(instant, period, instant, (placeMs, periodMs, nowMs) => {
        const delayMs = firstDelayMs(placeMs, periodMs, nowMs);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(periodMs);
        const off = offPlace(nowMs + delayMs, placeMs, periodMs);
        expect(Math.abs(off)).toBeLessThanOrEqual(periodMs / 20 + 1e-3);
      }),
    );
  });

  test('keeps its slot with the next start, with an interval close to the nominal one', () => {
    fc.assert(
      fc.property(instant, instant, fc.nat(5 * PERIOD_MS), (placeMs, startedMs, tookMs) => {
        const delayMs = nextDelayMs(placeMs, PERIOD_MS, startedMs, startedMs + tookMs);
        const intervalMs = tookMs + delayMs;
        expect(delayMs).toBeGreaterThanOrEqual(0);
        if (delayMs === 0) return;
        expect(intervalMs).toBeGreaterThanOrEqual(PERIOD_MS * 0.95 - 1e-3);
        expect(intervalMs).toBeLessThanOrEqual(PERIOD_MS * 1.1 + 1e-3);
      }),
    );
  });

  test('starts as often as it should even if all its timers are late', () => {
    let startMs = 0;
    for (let i = 0; i < 1_000; i += 1) startMs += nextDelayMs(0, PERIOD_MS, startMs, startMs) + 1.3;
    expect(startMs).toBeCloseTo(1_000 * PERIOD_MS, -2);
  });

  test('returns to its slot after all users were delayed', () => {
    const users = Array.from({ length: 100 }, (_, i) => ({
      placeMs: phaseOf(i) * PERIOD_MS,
      startMs: 5_300,
    }));
    for (let start = 0; start < 12; start += 1) {
      for (const user of users)
        user.startMs += nextDelayMs(user.placeMs, PERIOD_MS, user.startMs, user.startMs + 5);
    }
    for (const { startMs, placeMs } of users) {
      expect(Math.abs(offPlace(startMs + 5, placeMs))).toBeLessThanOrEqual(PERIOD_MS / 20);
    }
  });

  test('starts the next task at once if tasks take longer than the interval', () => {
    expect(nextDelayMs(300, PERIOD_MS, 5_300, 6_500)).toBe(0);
  });
});
