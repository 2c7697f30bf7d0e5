import type { Columns, Line } from './model.js';

/** A point of a line; null where nothing is known. */
export type Point = readonly [x: number, y: number | null];

/** At most two points for each of some parts of a line: the lowest and the highest. */
export function thinned(xs: readonly number[], ys: readonly (number | null)[], parts: number): Point[] {
  if (xs.length <= 2 * parts) return xs.map((x, index) => [x, ys[index] ?? null]);
  return partsOf(xs.length, parts).flatMap(([from, to]): Point[] => {
    let [low, high] = [-1, -1];
    for (let index = from; index < to; index++) {
      const value = ys[index] ?? null;
      if (value === null) continue;
      if (low < 0 || value < ys[low]!) low = index;
      if (high < 0 || value > ys[high]!) high = index;
    }
    if (low < 0) return [[xs[from]!, null]];
    const kept = low === high ? [low] : low < high ? [low, high] : [high, low];
    return kept.map((index) => [xs[index]!, ys[index]!]);
  });
}

/** A row of a table beside a chart. */
export interface Row {
  readonly at: number;
  readonly values: readonly (number | null)[];
}

/** The values of a chart in a few rows: the mean of each part of the time, or the highest value. */
export function rowsOf(lines: readonly Line[], data: Columns, most: number): Row[] {
  const [at, ...columns] = data;
  return partsOf(at.length, Math.min(most, at.length)).map(([from, to]) => ({
    at: at[from]!,
    values: columns.map((column, index) => {
      const known = column.slice(from, to).filter((value) => value !== null);
      if (known.length === 0) return null;
      if (lines[index]!.isHighest === true) return known.reduce((most, value) => Math.max(most, value));
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    }),
  }));
}

/** Parts of about the same length, as indices from and to. */
export function partsOf(length: number, parts: number): [from: number, to: number][] {
  return Array.from({ length: parts }, (_, index) => [
    Math.floor((index * length) / parts),
    Math.floor(((index + 1) * length) / parts),
  ]);
}
