import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Participant } from '../allocation/participant.js';
import { Watermark } from './watermark.js';

const [w1, w2] = [{}, {}] as [Participant, Participant];

let nowMs: number;
let closed: number[];
let workers: Participant[];
let unreadForMs: number;
let watermark: Watermark;

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 1_000_000;
  closed = [];
  workers = [w1, w2];
  unreadForMs = 0;
});
afterEach(() => {
  watermark.end(-1);
  jest.useRealTimers();
});

function open(fromSecond = 0, startedAgoMs = 0): void {
  watermark = new Watermark(
    {
      startAtMs: nowMs - startedAgoMs,
      workers: () => workers,
      unreadForMs: () => unreadForMs,
      close: (second) => closed.push(second),
    },
    fromSecond,
    () => nowMs,
  );
}

/** Advances the clock in small steps, with the timers that are due in each. */
async function pass(ms: number): Promise<void> {
  for (const endMs = nowMs + ms; nowMs < endMs;) {
    nowMs = Math.min(endMs, nowMs + 5);
    await jest.advanceTimersByTimeAsync(5);
  }
}

describe('a second', () => {
  test('closes when every worker has reported it', async () => {
    open();
    await pass(1_300);
    watermark.reported(w1, 0);
    expect(closed).toEqual([]);
    watermark.reported(w2, 0);
    expect(closed).toEqual([0]);
    await pass(900);
    expect([closed, watermark.closedThrough]).toEqual([[0], 0]);
  });

  test('closes after a lag without the reports of some', async () => {
    open();
    watermark.reported(w1, 0);
    await pass(1_590);
    expect(closed).toEqual([]);
    await pass(20);
    expect(closed).toEqual([0]);
  });

  test('does not wait for a worker that is gone', async () => {
    open();
    await pass(1_300);
    watermark.reported(w1, 0);
    watermark.gone(w2);
    expect(closed).toEqual([0]);
  });

  test('does not close before its end, even if a worker with a fast clock has reported it', async () => {
    workers = [w1];
    open();
    await pass(990);
    watermark.reported(w1, 0);
    expect(closed).toEqual([]);
    await pass(20);
    watermark.reported(w1, 1);
    await pass(10);
    expect(closed).toEqual([0]);
  });

  test('stays open while messages wait to be read, but not for ever', async () => {
    open();
    unreadForMs = 10_000;
    await pass(4_500);
    expect(closed).toEqual([]);
    await pass(200);
    expect(closed).toEqual([0]);
    unreadForMs = 0;
    await pass(100);
    expect(closed).toEqual([0, 1, 2, 3]);
  });
});

test('a master that resumes a run closes the seconds since the last one in order', async () => {
  open(3, 7_000);
  await pass(20);
  expect(closed).toEqual([3, 4, 5]);
});

test('the end closes all seconds up to the last one', async () => {
  open();
  watermark.end(2);
  await pass(10_000);
  expect(closed).toEqual([0, 1, 2]);
});
