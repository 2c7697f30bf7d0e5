import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OrderDesk } from './order-desk.js';
import type { WorkerRecord } from './registry.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const workers = ['w1', 'w2'].map((id) => ({ id }) as WorkerRecord);
const [w1, w2] = workers as [WorkerRecord, WorkerRecord];

function openDesk(): { desk: OrderDesk; sent: string[] } {
  const sent: string[] = [];
  return { sent, desk: new OrderDesk(({ id }) => sent.push(id)) };
}

test('a first order goes out at once', async () => {
  const { desk, sent } = openDesk();
  desk.tell(w1);
  desk.tell(w2);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['w1', 'w2']);
});

test('of many changes to one worker within a second it is sent a few, and the last for certain', async () => {
  const { desk, sent } = openDesk();
  for (let ms = 0; ms < 1_000; ms += 10) {
    desk.tell(w1);
    await jest.advanceTimersByTimeAsync(10);
  }
  expect(sent.length).toBeLessThanOrEqual(4);
  const before = sent.length;
  desk.tell(w1);
  await jest.advanceTimersByTimeAsync(300);
  expect(sent).toHaveLength(before + 1);
});

test('an order is repeated when there was time to get it, and not before', async () => {
  const { desk, sent } = openDesk();
  desk.tell(w1);
  await jest.advanceTimersByTimeAsync(100);
  expect(desk.tellAgain(w1)).toBe(false);
  await jest.advanceTimersByTimeAsync(500);
  expect(desk.tellAgain(w1)).toBe(true);
  await jest.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(['w1', 'w1']);
});
