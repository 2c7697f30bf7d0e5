import { beforeEach, expect, test } from '@jest/globals';
import { QuantilePace } from './quantile-pace.js';

let pace: QuantilePace;
let busy: number;
let unreadForMs: number;
beforeEach(() => {
  [busy, unreadForMs] = [0.4, 0];
  pace = new QuantilePace({ takeBusy: () => busy, unreadForMs: () => unreadForMs });
});

/** Closes this many seconds. @returns the step after each of them */
function close(seconds: number): number[] {
  return Array.from({ length: seconds }, () => {
    pace.closed();
    return pace.everySeconds;
  });
}

test('reports every second while the load allows', () => {
  expect(new Set(close(600))).toEqual(new Set([1]));
});

test('goes a step up after each whole window of overload', () => {
  busy = 0.8;
  const steps = close(30);
  expect(steps.slice(0, 3)).toEqual([1, 1, 2]);
  expect(steps.indexOf(5)).toBe(5);
  expect(steps.indexOf(10)).toBe(10);
  expect(steps.at(-1)).toBe(10);
});

test('a single busy second is no overload', () => {
  for (let minute = 0; minute < 60; minute += 1) {
    busy = 1;
    close(1);
    busy = 0.3;
    close(59);
  }
  expect(pace.everySeconds).toBe(1);
});

test('late messages are an overload', () => {
  unreadForMs = 1_500;
  expect(close(3).at(-1)).toBe(2);
});

test('goes a step down after half a minute with little load', () => {
  pace.set(10);
  busy = 0.1;
  expect(new Set(close(29))).toEqual(new Set([10]));
  expect(close(1)).toEqual([5]);
  busy = 0.4;
  expect(new Set(close(300))).toEqual(new Set([5]));
});

test('waits longer before a step that led to an overload', () => {
  const changes: number[] = [];
  for (let second = 0, before: number = pace.everySeconds; second < 3_600; second += 1) {
    // Every second is too much, every two seconds is little.
    busy = pace.everySeconds === 1 ? 0.9 : 0.1;
    pace.closed();
    if (pace.everySeconds !== before) changes.push(second);
    before = pace.everySeconds;
  }
  expect(changes.length).toBeLessThan(20);
  const gaps = changes.slice(1).map((second, n) => second - changes[n]!);
  expect(Math.max(...gaps)).toBeGreaterThan(500);
});

test('without a probe, the step stays as it is set', () => {
  const fixed = new QuantilePace();
  fixed.set(5);
  for (let second = 0; second < 100; second += 1) fixed.closed();
  expect(fixed.everySeconds).toBe(5);
});

test('workers report in groups only if there are many entries, and within a window', () => {
  const groupsWith = (entries: number): number => {
    pace.closed(entries);
    return pace.groups;
  };
  expect(groupsWith(1_000_000)).toBe(1);
  pace.set(10);
  expect([0, 20_000, 20_001, 100_000, 1_000_000].map(groupsWith)).toEqual([1, 1, 2, 5, 10]);
});

test('a reset waits for the end of a window only if there may be windows', () => {
  expect(pace.resetSecond(13)).toBe(13);
  pace.set(2);
  pace.set(1);
  expect([13, 20, 21].map((second) => pace.resetSecond(second))).toEqual([20, 30, 30]);
  const resumed = new QuantilePace();
  resumed.resume();
  expect(resumed.resetSecond(13)).toBe(20);
});
