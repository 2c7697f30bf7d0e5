import { performance } from 'node:perf_hooks';
import { describe, expect, jest, test } from '@jest/globals';
import { monotonicMs } from '@drumline/wire/monotonic';
import { bootId } from '@drumline/wire';
import { RunClock } from './run-clock.js';

/** Close to a value, with the tolerance of a test. */
function around(ms: number): { asymmetricMatch(actual: unknown): boolean } {
  return { asymmetricMatch: (actual) => Math.abs(Number(actual) - ms) < 5_000 };
}

const HOUR_MS = 3_600_000;

function startedAgo(agoMs: number, wallMs: number, boot: string) {
  return {
    startAtMs: monotonicMs() - agoMs,
    bootId: boot,
    startedAt: new Date(Date.now() - wallMs).toISOString(),
    pausedBeforeMs: 0,
  };
}

describe('the clock of a resumed run', () => {
  (bootId() === '' ? test.skip : test)(
    'continues on the machine’s monotonic clock, whatever the wall clock does',
    () => {
      const clock = RunClock.restore(startedAgo(HOUR_MS, 9 * HOUR_MS, bootId()), 0, 9 * HOUR_MS);
      expect(clock.elapsedMs).toEqual(around(HOUR_MS));
    },
  );

  test.each([0, 9 * HOUR_MS, -HOUR_MS])(
    'continues from the last write after a reboot and on another machine, though the wall clock moved by %s ms',
    (wallMs) => {
      const stored = startedAgo(9 * HOUR_MS, wallMs, 'another time');
      const clock = RunClock.restore(stored, 2 * HOUR_MS, HOUR_MS);
      expect(clock.elapsedMs).toEqual(around(3 * HOUR_MS));
    },
  );

  test('restores its pauses, including the current one', () => {
    const before = new RunClock(monotonicMs() - HOUR_MS, new Date(Date.now() - HOUR_MS));
    before.pause();
    const clock = RunClock.restore(before.stored, 0, 0);
    expect([clock.paused, clock.pausedAtMs, clock.runMs]).toEqual([true, around(HOUR_MS), around(HOUR_MS)]);
    clock.resume();
    expect([clock.paused, clock.runMs]).toEqual([false, around(HOUR_MS)]);
  });
});

test('the position in the plan at a past time does not depend on later pauses', () => {
  let nowMs = 5_000;
  const reading = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  try {
    const clock = new RunClock(monotonicMs(), new Date());
    const passed = (ms: number): number => (nowMs += ms);
    passed(1_000);
    clock.pause();
    passed(2_000);
    clock.resume();
    passed(3_000);
    clock.pause();
    passed(4_000);
    const positions = [500, 1_000, 2_500, 3_000, 4_500, 6_000, 9_000];
    const expected = [500, 1_000, 1_000, 1_000, 2_500, 4_000, 4_000];
    for (const one of [clock, RunClock.restore(clock.stored, 10_000, 0)])
      expect(positions.map((ms) => Math.round(one.runMsAt(ms)))).toEqual(expected);
    clock.resume();
    expect(positions.map((ms) => Math.round(clock.runMsAt(ms)))).toEqual(expected);
    expect(Math.round(clock.runMsAt(11_000))).toBe(5_000);
  } finally {
    reading.mockRestore();
  }
});
