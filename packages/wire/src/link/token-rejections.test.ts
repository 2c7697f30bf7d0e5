import { expect, test } from '@jest/globals';
import { TokenRejections } from './token-rejections.js';

test('a few failed handshakes within a moment prove nothing', () => {
  const rejections = new TokenRejections();
  for (let ms = 0; ms < 3_900; ms += 100) expect(rejections.add(ms)).toBe(false);
});

test('a few over a long time prove nothing', () => {
  const rejections = new TokenRejections();
  for (let ms = 0; ms < 50_000; ms += 10_000) expect(rejections.add(ms)).toBe(false);
});

test('many in a row over some seconds prove a wrong token', () => {
  const rejections = new TokenRejections();
  const sure = [100, 300, 700, 1_500, 3_100, 5_100].map((ms) => rejections.add(ms));
  expect(sure).toEqual([false, false, false, false, false, true]);
});

test('a successful handshake, or a port that cannot be asked, resets the count', () => {
  const rejections = new TokenRejections();
  for (let ms = 0; ms < 100_000; ms += 1_000) {
    if (ms % 5_000 === 0) rejections.clear();
    expect(rejections.add(ms)).toBe(false);
  }
});
