import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OrderQueue } from './order-queue.js';
import type { Participant } from './participant.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const workers = ['w1', 'w2'].map((id) => ({ id }) as Participant);
const [w1, w2] = workers as [Participant, Participant];

function openDesk(): { orders: OrderQueue; sent: string[] } {
  const sent: string[] = [];
  return { sent, orders: new OrderQueue(({ id }) => sent.push(id)) };
}

test('the first order is sent at once', async () => {
  const { orders, sent } = openDesk();
  orders.queue(w1);
  orders.queue(w2);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['w1', 'w2']);
});

test('of many changes to one worker within a second, a few are sent, always including the last', async () => {
  const { orders, sent } = openDesk();
  for (let ms = 0; ms < 1_000; ms += 10) {
    orders.queue(w1);
    await jest.advanceTimersByTimeAsync(10);
  }
  expect(sent.length).toBeLessThanOrEqual(4);
  const before = sent.length;
  orders.queue(w1);
  await jest.advanceTimersByTimeAsync(300);
  expect(sent).toHaveLength(before + 1);
});

test('the orders of one placement are sent together, when all their workers may get another one', async () => {
  const { orders, sent } = openDesk();
  orders.queue(w1);
  await jest.advanceTimersByTimeAsync(100);
  orders.queue(w2);
  orders.queue(w1);
  await jest.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['w1']);
  await jest.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['w1', 'w2', 'w1']);
});

test('an order is repeated only after the time to acknowledge it', async () => {
  const { orders, sent } = openDesk();
  orders.queue(w1);
  await jest.advanceTimersByTimeAsync(100);
  expect(orders.repeatIfDue(w1)).toBe(false);
  await jest.advanceTimersByTimeAsync(500);
  expect(orders.repeatIfDue(w1)).toBe(true);
  await jest.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(['w1', 'w1']);
});
