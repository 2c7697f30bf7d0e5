import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatByteLimit, formatDuration, parseDuration } from './units.js';

describe('reading a duration', () => {
  test.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['1.5m', 90_000],
    ['.5s', 500],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    [' 10 s ', 10_000],
    ['0s', 0],
    [250, 250],
    [0, 0],
  ])('%p is %p ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', ' ', 's', '-5s', '1e3ms', '5s!', '1,5s', '5 m s', 'NaNs', '１s'])(
    '%p is refused with an example',
    (text) => {
      expect(() => parseDuration(text)).toThrow(RangeError);
      expect(() => parseDuration(text)).toThrow(`'${text}' is not a duration: write, for example,`);
    },
  );

  test.each([
    ['5', 'it has no unit; write 5s for seconds or 5m for minutes'],
    ['1.5', 'it has no unit; write 1.5s for seconds or 1.5m for minutes'],
    ['5 minutes', 'write 5m'],
    ['1 Hour 30 mins', 'write 1h30m'],
    ['20sec', 'write 20s'],
  ])('%s is refused with what was probably meant', (text, words) => {
    expect(() => parseDuration(text)).toThrow(`'${text}' is not a duration: ${words}`);
  });

  test.each([-1, Number.NaN, Infinity])('the number %p is refused', (value) => {
    expect(() => parseDuration(value)).toThrow('use a number of milliseconds of at least 0');
  });

  test.each([undefined, null, true])(
    '%p, which JavaScript allows, is refused with the same message',
    (value) => {
      expect(() => parseDuration(value as never)).toThrow(`'${String(value)}' is not a duration`);
    },
  );
});

describe('writing a duration', () => {
  test.each([
    [0, '0ms'],
    [450.4, '450ms'],
    [999.7, '1s'],
    [1_500, '1.5s'],
    [59_949, '59.9s'],
    [59_960, '1m'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [3_661_000, '1h1m1s'],
    [Infinity, 'forever'],
  ])('%p ms is %p', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('the result parses to the same duration, except for rounding', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(2_000), fc.nat(200_000), fc.nat(100_000_000)), (ms) => {
        const roundTripped = parseDuration(formatDuration(ms));
        expect(Math.abs(roundTripped - ms)).toBeLessThanOrEqual(ms < 1_000 ? 0 : ms < 59_950 ? 50 : 500);
      }),
    );
  });
});

test.each([
  [64 * 1024 * 1024, '64 MiB'],
  [65_536, '64 KiB'],
  [1_536 * 1_024, '1536 KiB'],
  [2 ** 31, '2 GiB'],
  [10_000, '10.0 kB'],
  [100, '100 B'],
  [0, '0 B'],
])('a limit of %i bytes is written %s', (bytes, text) => {
  expect(formatByteLimit(bytes)).toBe(text);
});
