import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { BatchClock } from './clock.js';

test('all responses in a batch to earlier requests have one instant', () => {
  let nowMs = 100;
  const clock = new BatchClock(() => (nowMs += 1));
  expect([clock.arrivalAfterMs(90), clock.arrivalAfterMs(95), clock.arrivalMs()]).toEqual([101, 101, 101]);
});

test('a response arrives after the instant of sending, even within one turn of the loop', async () => {
  await nextTurn();
  let nowMs = 200;
  const clock = new BatchClock(() => nowMs);
  expect(clock.arrivalMs()).toBe(200);
  const sentAtMs = (nowMs = 205);
  nowMs = 207;
  expect(clock.arrivalAfterMs(sentAtMs)).toBe(207);
  nowMs = 209;
  // Data read after this arrived with the same poll of the system, or a later one.
  expect([clock.arrivalMs(), clock.arrivalAfterMs(150)]).toEqual([207, 207]);
  await nextTurn();
  expect(clock.arrivalAfterMs(sentAtMs)).toBe(209);
});
