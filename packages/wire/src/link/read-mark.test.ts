import { beforeEach, afterEach, expect, jest, test } from '@jest/globals';
import { ReadMark } from './read-mark.js';

let nowMs = 0;
let marks: Buffer[] = [];
let stuck = 0;
let mark: ReadMark;

const advance = (ms: number): void => {
  for (let left = ms; left > 0; left -= 100) {
    nowMs += 100;
    jest.advanceTimersByTime(100);
  }
};

const answer = (): void => {
  for (const sent of marks.splice(0)) {
    mark.heard();
    mark.passed(sent);
  }
};

beforeEach(() => {
  jest.useFakeTimers();
  [nowMs, marks, stuck] = [0, [], 0];
  mark = new ReadMark(
    (bytes) => marks.push(Buffer.from(bytes)),
    () => (stuck += 1),
    () => nowMs,
  );
  mark.opened(false);
});

afterEach(() => mark.closed());

test('gives the age of the last mark that has returned, or 0 if it is recent', () => {
  answer();
  advance(100);
  expect(mark.unreadForMs).toBe(0);
  advance(2_000);
  expect(mark.unreadForMs).toBe(2_100);
  answer();
  expect(mark.unreadForMs).toBe(0);
});

test('after the port was reopened, workers have three seconds to reconnect', () => {
  advance(1_000);
  answer();
  mark.closed();
  advance(500);
  mark.opened(true);
  advance(2_900);
  answer();
  expect(mark.unreadForMs).toBeGreaterThan(3_000);
  advance(200);
  answer();
  expect(mark.unreadForMs).toBe(0);
});

test('ten seconds without messages are reported, unless the master itself was blocked', () => {
  answer();
  nowMs += 60_000;
  jest.advanceTimersByTime(100);
  expect(stuck).toBe(0);
  advance(10_000);
  expect(stuck).toBeGreaterThan(0);
});
