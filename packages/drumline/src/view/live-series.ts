import type { SeriesResult } from '@drumline/wire';
import type { LiveModel, SortOrder } from './model.js';
import type { Colors } from './options.js';
import { seriesLines } from './summary-series.js';

type Compare = (a: SeriesResult, b: SeriesResult) => number;

const slow: Compare = (a, b) => b.latencyMs.p95 - a.latencyMs.p95;
const busy: Compare = (a, b) => b.requests - a.requests;
const name: Compare = (a, b) => (`${a.name} ${a.method}` < `${b.name} ${b.method}` ? -1 : 1);
/** By the number of failures, not by their share. */
const failing: Compare = (a, b) => b.failures - a.failures || slow(a, b);

const ORDERS: Readonly<Record<SortOrder, Compare>> = { failing, slow, busy, name };

/** The table of series in the chosen order, limited to the available lines. */
export function liveSeriesLines(
  { series, totals }: LiveModel,
  order: SortOrder,
  colors: Colors,
  width: number,
  maxLines: number,
): string[] {
  if (series.length === 0) return [];
  // One line is for the titles, and one for the number of omitted series.
  const room = maxLines - 1;
  const most = series.length <= room ? room : Math.max(1, room - 1);
  const sorted = series.toSorted(ORDERS[order]);
  return seriesLines({ series: sorted, totals }, colors, width, { most, aggregated: false, inOrder: true });
}
