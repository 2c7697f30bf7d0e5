import { describe, expect, test } from '@jest/globals';
import { OTHER_STATUS, statusCodeOf, statusText } from './statuses.js';

describe('the code of a status', () => {
  test.each([
    [100, 100],
    [200, 200],
    [599, 599],
    ['OK', 0],
    ['UNAUTHENTICATED', 16],
    [14, 14],
    [1000, 1000],
    [4999, 4999],
  ])('of %p is %p', (status, code) => {
    expect(statusCodeOf(status)).toBe(code);
  });

  test.each([99, 17, -1, 600, 999, 5000, 200.5, NaN, Infinity, 'ok', '', '200', 'toString', OTHER_STATUS])(
    'of %p, which is none, is that of all others',
    (status) => {
      expect(statusCodeOf(status)).toBe(OTHER_STATUS);
    },
  );
});

test('the text of a code is its number, or the name of a gRPC status', () => {
  expect([200, 503, 0, 14, 1011, OTHER_STATUS].map(statusText)).toEqual([
    '200',
    '503',
    'OK',
    'UNAVAILABLE',
    '1011',
    'other',
  ]);
});
