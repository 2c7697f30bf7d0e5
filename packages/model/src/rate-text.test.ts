import { describe, expect, test } from '@jest/globals';
import { formatLoadRate, parseRate } from './rate-text.js';

describe('a rate', () => {
  test.each([
    ['200/s', 200],
    ['1200/m', 20],
    ['50/h', 50 / 3_600],
    ['3/20s', 0.15],
    ['0.5/s', 0.5],
    ['.5/s', 0.5],
    ['10/500ms', 20],
    [' 200 / s ', 200],
    ['0/s', 0],
  ])('%s is parsed', (text, perSecond) => {
    expect(parseRate(text)).toBeCloseTo(perSecond, 12);
  });

  test.each([
    ['200', 'write 200/s'],
    ['200 rps', 'write 200/s'],
    ['200 per second', 'write 200/s'],
    ['30/minutes', 'write 30/m'],
    ['5 rpm', 'write 5/m'],
    ['7/hour', 'write 7/h'],
    ['fast', 'for example, 200/s'],
    ['-5/s', 'for example, 200/s'],
    ['5/0s', 'is not a rate'],
    ['5/', 'is not a rate'],
    ['', 'is not a rate'],
    ['99999999/s', 'more than the highest rate'],
  ])('%j is refused, and the message says what to write', (text, message) => {
    expect(() => parseRate(text)).toThrow(message);
  });

  test('of any type is refused, because JavaScript has no compiler', () => {
    expect(() => parseRate(200 as never)).toThrow("'200' is not a rate: it has no unit; write 200/s");
    expect(() => parseRate(undefined as never)).toThrow("'undefined' is not a rate");
  });

  test.each([
    [200, '200/s'],
    [12.5, '12.5/s'],
    [0.15, '9/m'],
    [50 / 3_600, '50/h'],
    [1 / 3, '20/m'],
    [0.7777, '46.66/m'],
    [0, '0/s'],
    [1_000_000, '1,000,000/s'],
  ])('%d per second is shown as %s', (perSecond, text) => {
    expect(formatLoadRate(perSecond)).toBe(text);
  });
});
