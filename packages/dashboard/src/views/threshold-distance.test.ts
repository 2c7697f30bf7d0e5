import { expect, test } from '@jest/globals';
import { distanceOf } from './threshold-distance.js';

test.each([
  ['p95 < 200ms', 213, 200, '6.5 % above the limit'],
  ['p95 < 200ms', 150, 200, '25 % below the limit'],
  ['failures < 1%', 0.005, 0.01, '50 % below the limit'],
  ['rate > 100', 120, 100, '20 % above the limit'],
  ['rate > 100', 80, 100, '20 % below the limit'],
  ['count > 1000', 1_000, 1_000, 'at the limit'],
  ['failures < 3', 300, 3, '100 times the limit'],
  ['failures <= 0', 5, 0, ''],
  ['p95 < 200ms', null, 200, ''],
])('%s at %p is %s', (expression, observed, limit, expected) => {
  expect(distanceOf({ expression, observed, limit })).toBe(expected);
});
