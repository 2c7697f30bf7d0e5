import { describe, expect, test } from '@jest/globals';
import { formatClock, formatMs, formatPercent, formatRate } from './format.js';
import { cutEnd, cutMiddle, oneLine, padStart, widthOf, wrap, wrapAtMost } from './text.js';

describe('text for a terminal', () => {
  test('counts columns, not characters', () => {
    expect(widthOf('東京')).toBe(4);
    expect(widthOf('café')).toBe(4);
    expect(widthOf('🚀 go')).toBe(5);
    expect(padStart('東', 4)).toBe('  東');
  });

  test('is cut to the exact width, or one column less before a wide character', () => {
    expect(cutMiddle('/products/reviews', 9)).toBe('/pro…iews');
    expect(cutMiddle('short', 9)).toBe('short');
    expect(cutEnd('abcdef', 4)).toBe('abc…');
    expect(widthOf(cutMiddle('東京東京東京', 6))).toBeLessThanOrEqual(6);
    expect(cutEnd('abc', 0)).toBe('');
  });

  test('is wrapped between words', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  });

  test.each([3, 8, 20])('loses nothing when it is wrapped at %i columns', (width) => {
    const text = 'Cannot read https://shop.example/a/rather/long/path?with=東京 of undefined';
    const lines = wrap(text, width);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test('marks omitted lines', () => {
    expect(wrapAtMost('one two three four', 8, 2)).toEqual(['one two', 'three …']);
    expect(wrapAtMost('one two', 8, 2)).toEqual(['one two']);
  });

  test('is one line without control characters', () => {
    expect(oneLine(' a\r\n\tb\u001b[0m ')).toBe('a b\ufffd[0m');
  });
});

describe('numbers', () => {
  test('are short, but never round to 0 or to 100%', () => {
    expect([0, 0.354, 3.14, 12.6, 999.6, 61_000].map(formatMs)).toEqual([
      '0ms',
      '0.35ms',
      '3.1ms',
      '13ms',
      '1.00s',
      '1.0min',
    ]);
    expect(formatPercent(1, 1_000_000)).toBe('<0.1%');
    expect(formatPercent(999_999, 1_000_000)).toBe('>99.9%');
    expect(formatPercent(0, 0)).toBe('0.0%');
    expect([1_203.4, 12.52, 0].map(formatRate)).toEqual(['1203/s', '12.5/s', '0/s']);
    expect([15_900, 3_661_000].map(formatClock)).toEqual(['00:15', '1:01:01']);
  });
});
