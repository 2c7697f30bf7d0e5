import { expect, test } from '@jest/globals';
import { beginOfBand } from './bands.js';

test('five bands begin in each power of ten', () => {
  expect(beginOfBand(5)).toBeCloseTo(1);
});
