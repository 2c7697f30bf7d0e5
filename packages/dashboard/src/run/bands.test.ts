import { expect, test } from '@jest/globals';
import { beginOfBand, readBands } from './bands.js';

test('bands are read from the first one on, and empty ones are left out', () => {
  expect(readBands('5:3,0,12')).toEqual([
    { band: 5, count: 3 },
    { band: 7, count: 12 },
  ]);
  expect(readBands(undefined)).toEqual([]);
  expect(beginOfBand(5)).toBeCloseTo(1);
});
