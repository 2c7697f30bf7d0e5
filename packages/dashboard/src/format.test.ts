import { expect, test } from '@jest/globals';
import { formatFigure, formatMs } from './format.js';

test.each([
  [0, '0 ms'],
  [0.0005, '0.5 µs'],
  [0.0425, '42.5 µs'],
  [0.6394, '639 µs'],
  [0.9996, '1.00 ms'],
  [1.589, '1.59 ms'],
  [9.996, '10.0 ms'],
  [99.96, '100 ms'],
  [999.6, '1.00 s'],
  [12_345, '12.3 s'],
  [59_990, '1.0 min'],
  [150_000, '2.5 min'],
])('%d ms is shown as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [1.589, 'ms', '1.59 ms'],
  [0, 'share', '0 %'],
  [0.0041, 'share', '0.41 %'],
  [953.26, 'per-second', '953/s'],
  [1_234_567, 'count', '1,234,567'],
  [3, 'value', '3'],
  [null, 'value', 'no data'],
] as const)('%p of the unit %s is shown as %s', (value, unit, text) => {
  expect(formatFigure(value, unit)).toBe(text);
});
