import { describe, expect, test } from '@jest/globals';
import { describeStatuses, OTHER_STATUS, statusCodeOf, statusText } from './statuses.js';

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

test('a line shows the most frequent statuses, unless all responses have the usual one', () => {
  expect(describeStatuses({ 200: 1_234, 503: 2 })).toBe('200: 1,234 · 503: 2');
  expect(describeStatuses({ 404: 7 })).toBe('404: 7');
  const usual: (Record<string, number> | undefined)[] = [undefined, {}, { 200: 9 }, { OK: 9 }];
  for (const statuses of usual) expect(describeStatuses(statuses)).toBeUndefined();
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [200 + index, index + 1]));
  expect(describeStatuses(many)).toMatch(/^202: 3 · .* · 209: 10 · \+2 more$/);
});
