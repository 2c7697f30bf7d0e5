import { expect, test } from '@jest/globals';
import { readBands, writeBands } from './band-text.js';

test('bands are read from the first one on, and empty ones are left out', () => {
  expect(readBands('5:3,0,12')).toEqual([
    { band: 5, count: 3 },
    { band: 7, count: 12 },
  ]);
  expect(readBands(undefined)).toEqual([]);
});

test('bands are written from the first to the last with a count', () => {
  const counts: number[] = [0];
  counts[5] = 3;
  counts[7] = 12;
  expect(writeBands([...counts, 0])).toBe('5:3,0,12');
  expect(writeBands([0, 0])).toBeUndefined();
});
