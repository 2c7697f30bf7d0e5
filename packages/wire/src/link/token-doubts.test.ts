import { expect, test } from '@jest/globals';
import { TokenDoubts } from './token-doubts.js';

test('a few broken handshakes within a moment say nothing', () => {
  const doubts = new TokenDoubts();
  for (let ms = 0; ms < 3_900; ms += 100) expect(doubts.add(ms)).toBe(false);
});

test('neither do a few over a long time', () => {
  const doubts = new TokenDoubts();
  for (let ms = 0; ms < 50_000; ms += 10_000) expect(doubts.add(ms)).toBe(false);
});

test('many in a row over some seconds mean another token', () => {
  const doubts = new TokenDoubts();
  const sure = [100, 300, 700, 1_500, 3_100, 5_100].map((ms) => doubts.add(ms));
  expect(sure).toEqual([false, false, false, false, false, true]);
});

test('one that succeeds, or a port that cannot be asked, begins the count anew', () => {
  const doubts = new TokenDoubts();
  for (let ms = 0; ms < 100_000; ms += 1_000) {
    if (ms % 5_000 === 0) doubts.clear();
    expect(doubts.add(ms)).toBe(false);
  }
});
