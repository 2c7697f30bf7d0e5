import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LogLines } from './log-lines.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('lines are sent ten times a second, at most ten at a time, and the others are counted', () => {
  const sent: (readonly string[])[] = [];
  const lines = new LogLines((some) => sent.push(some));
  lines.add('first');
  jest.advanceTimersByTime(100);
  for (let number = 1; number <= 2_000; number += 1) lines.add(`line ${number}`);
  lines.add('x'.repeat(5_000));
  jest.advanceTimersByTime(1_000);
  lines.add('y'.repeat(5_000));
  lines.flush();
  lines.flush();
  const numbered = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`);
  expect(sent).toEqual([['first'], [...numbered, '(1991 more lines)'], ['y'.repeat(2_000)]]);
});
