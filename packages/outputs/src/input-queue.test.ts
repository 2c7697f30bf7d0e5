import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InputQueue } from './input-queue.js';
import { intervalsOf } from './testing.js';

const [first] = intervalsOf(1, { seconds: 1 }).events;
const second = (number: number) =>
  ({ event: { ...first!, type: 'closed', second: number }, position: number + 1 }) as const;

test('each second is taken in order, or counted as dropped, whatever the thread does', () => {
  const acts = fc.array(fc.constantFrom('push', 'push', 'taken', 'restart'), { maxLength: 400 });
  fc.assert(
    fc.property(acts, (all) => {
      const sent: number[] = [];
      const taken: number[] = [];
      let pushed = 0;
      const queue = new InputQueue((input) => {
        if (input.event.type === 'closed') sent.push(input.event.second);
        expect(sent.length).toBeLessThanOrEqual(8);
      });
      const take = (): void => {
        if (sent.length > 0) taken.push(sent.shift()!);
        queue.taken();
      };
      for (const act of all) {
        if (act === 'push') queue.push(second(pushed++) as never);
        else if (act === 'taken' && sent.length > 0) take();
        else if (act === 'restart') {
          queue.hold();
          sent.length = 0;
          queue.resume();
        }
      }
      expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      const before = queue.droppedSeconds;
      queue.close();
      expect(taken.length + queue.droppedSeconds).toBe(pushed);
      expect(queue.droppedSeconds - before).toBeLessThanOrEqual(68);
    }),
  );
});

test('a reset is never dropped', () => {
  const types: string[] = [];
  const queue = new InputQueue(({ event }) => types.push(event.type));
  for (let number = 0; number < 8; number += 1) queue.push(second(number) as never);
  queue.push({ event: { type: 'reset', fromSecond: 8 }, position: 9 });
  for (let number = 8; number < 200; number += 1) queue.push(second(number) as never);
  while (types.length < 68) queue.taken();
  expect(types.filter((type) => type === 'reset')).toHaveLength(1);
  expect(queue.droppedSeconds).toBe(200 - 67);
});

test('a thread that takes nothing is seen', () => {
  let nowMs = 0;
  const queue = new InputQueue(
    () => {},
    () => nowMs,
  );
  nowMs = 5_000;
  expect(queue.blockedMs).toBe(0);
  queue.push(second(0) as never);
  queue.push(second(1) as never);
  nowMs = 9_000;
  expect(queue.blockedMs).toBe(4_000);
  queue.taken();
  expect(queue.blockedMs).toBe(0);
  queue.taken();
  nowMs = 99_000;
  expect(queue.blockedMs).toBe(0);
});
