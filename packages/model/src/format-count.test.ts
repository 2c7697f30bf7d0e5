import { expect, test } from '@jest/globals';
import { formatCount } from './format-count.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_204_332, '1,204,332'],
  [-12_345, '-12,345'],
  [999.5, '1,000'],
  [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
  [1e300, '1e+300'],
  [Infinity, 'Infinity'],
])('%d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});
