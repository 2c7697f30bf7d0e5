import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Steps } from '@drumline/model';
import { Placer } from './placer.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function counting(): { placer: Placer<void>; placements: () => number } {
  let placements = 0;
  const placer = new Placer<void>({
    *begin(): Steps<void> {
      placements += 1;
      yield;
    },
    done: () => {},
  });
  return { placer, placements: () => placements };
}

test('a thousand requests at once lead to one placement', async () => {
  const { placer, placements } = counting();
  for (let n = 0; n < 1_000; n += 1) placer.request();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(placements()).toBe(1);
});

test('a change during a placement leads to another one', async () => {
  let requests = 0;
  let placements = 0;
  const placer = new Placer<void>({
    *begin(): Steps<void> {
      placements += 1;
      if (requests++ === 0) for (let n = 0; n < 10; n += 1) placer.request();
      yield;
    },
    done: () => {},
  });
  placer.request();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(placements).toBe(2);
});

test('nothing is placed after it is closed', async () => {
  const { placer, placements } = counting();
  placer.request();
  placer.close();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(placements()).toBe(0);
});

test('a long placement yields to the event loop between its steps', async () => {
  jest.useRealTimers();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    const placer = new Placer<void>({
      *begin(): Steps<void> {
        for (let step = 0; step < 2; step += 1) {
          order.push('step');
          setImmediate(() => order.push('other'));
          for (const endMs = performance.now() + 15; performance.now() < endMs;);
          yield;
        }
      },
      done: resolve,
    });
    placer.request(0);
  });
  expect(order).toEqual(['step', 'other', 'step', 'other']);
});
