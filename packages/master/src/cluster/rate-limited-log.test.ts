import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RateLimitedLog } from './rate-limited-log.js';

let said: string[];
let limited: RateLimitedLog;

beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  limited = new RateLimitedLog((line) => said.push(line));
});
afterEach(() => {
  limited.close();
  jest.useRealTimers();
});

describe('lines that others can cause', () => {
  test('are logged at once, then once every ten seconds with a count', () => {
    for (let n = 1; n <= 1_000; n += 1) limited.line('bad', `frame ${n}`);
    expect(said).toEqual(['frame 1']);
    jest.advanceTimersByTime(10_000);
    expect(said).toEqual(['frame 1', 'frame 1000 (999 like this in 10s)']);
    limited.line('bad', 'one more');
    jest.advanceTimersByTime(10_000);
    expect(said.at(-1)).toBe('one more');
    expect(said).toHaveLength(3);
  });

  test('are logged at once again after ten quiet seconds', () => {
    limited.line('bad', 'first');
    jest.advanceTimersByTime(10_000);
    limited.line('bad', 'second');
    expect(said).toEqual(['first', 'second']);
  });

  test('of one kind do not delay those of another', () => {
    limited.line('bad', 'a frame');
    limited.line('full', 'a worker');
    expect(said).toEqual(['a frame', 'a worker']);
  });

  test('with a burst are held back only beyond the burst', () => {
    for (let n = 1; n <= 60; n += 1) limited.line('joined', `w${n}`, 50);
    expect(said).toHaveLength(50);
    jest.advanceTimersByTime(10_000);
    expect(said.at(-1)).toBe('w60 (10 like this in 10s)');
  });

  test('that are still held back are logged at the end', () => {
    for (let n = 1; n <= 3; n += 1) limited.line('bad', `frame ${n}`);
    limited.close();
    expect(said).toEqual(['frame 1', 'frame 3 (2 like this in 10s)']);
  });
});
