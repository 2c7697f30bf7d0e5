import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Columns, Line } from './model.js';
import { rowsOf, thinned } from './reduce.js';
import { logTicks, tickText, timeTicks, topOf, valueTicks } from './scales.js';

const values = fc.array(fc.option(fc.nat(1_000)), { minLength: 1, maxLength: 300 });
const parts = fc.integer({ min: 1, max: 60 });
const line = (isHighest: boolean): Line => ({ label: '', tone: 'blue', format: String, isHighest });

test('a thinned line keeps its lowest and highest values, in the order of time', () => {
  fc.assert(
    fc.property(values, parts, (ys, count) => {
      const points = thinned(
        ys.map((_, second) => second),
        ys,
        count,
      );
      const known = (all: readonly (number | null)[]): number[] => all.filter((value) => value !== null);
      const kept = known(points.map(([, y]) => y));
      expect(points.length).toBeLessThanOrEqual(Math.max(2 * count, 1));
      expect(Math.max(...kept)).toBe(Math.max(...known(ys)));
      expect(Math.min(...kept)).toBe(Math.min(...known(ys)));
      expect(points.map(([x]) => x)).toEqual(points.map(([x]) => x).toSorted((a, b) => a - b));
      for (const [x, y] of points) if (y !== null) expect(ys[x]).toBe(y);
    }),
  );
});

test('a table has means that add up to the whole, or highest values', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 300 }), (ys) => {
      const at = ys.map((_, second) => second);
      const rows = rowsOf([line(false), line(true)], [at, ys, ys] satisfies Columns, 20);
      const widths = rows.map((row, index) => (rows[index + 1]?.at ?? ys.length) - row.at);
      const sum = rows.reduce((total, { values: [mean] }, index) => total + mean! * widths[index]!, 0);
      expect(rows.length).toBe(Math.min(20, ys.length));
      expect(sum).toBeCloseTo(ys.reduce((total, y) => total + y, 0));
      expect(Math.max(...rows.map((row) => row.values[1]!))).toBe(Math.max(...ys));
    }),
  );
});

test('ticks are inside of the scale and not too many', () => {
  const high = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(high, fc.integer({ min: 2, max: 10 }), (most, count) => {
      const top = topOf(most);
      expect(top).toBeGreaterThan(most);
      const ticks = valueTicks(top, count);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(count + 1);
      for (const tick of ticks) expect(tick).toBeLessThanOrEqual(top * (1 + 1e-9));
    }),
  );
  expect(timeTicks(0, 3_599, 7)).toEqual([0, 600, 1_200, 1_800, 2_400, 3_000]);
  expect(timeTicks(95, 130, 7)).toEqual([95, 100, 105, 110, 115, 120, 125, 130]);
  expect(logTicks(0.1, 1_200)).toEqual([0.1, 1, 10, 100, 1_000].map((value) => expect.closeTo(value)));
});

test.each([
  ['10.0 ms', '10 ms'],
  ['1.00 s', '1 s'],
  ['2.50 s', '2.5 s'],
  ['1,000/s', '1,000/s'],
  ['100', '100'],
])('a tick %s is written as %s', (text, expected) => {
  expect(tickText(0, () => text)).toBe(expected);
});
