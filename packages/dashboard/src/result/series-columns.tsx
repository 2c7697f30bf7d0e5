import type { LatencyResult, SeriesResult, TotalsResult } from '@drumline/client';
import { formatMs } from '../format.js';
import { nameText, SeriesName } from '../parts/series-name.js';
import type { Column } from './data-table.js';

const QUANTILES: readonly [keyof LatencyResult, string][] = [
  ['mean', 'Mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p99_9', 'p99.9'],
  ['max', 'Max'],
];

/** The column that names the series. */
export const NAME_COLUMN: Column<SeriesResult> = {
  title: 'Name',
  cell: (series) => <SeriesName series={series} />,
  sortBy: nameText,
  foot: 'All requests',
};

/** Columns of quantiles of the times that `timesOf` takes from a row. */
export function quantileColumns(
  totals: TotalsResult,
  timesOf: (row: TotalsResult) => LatencyResult,
): Column<SeriesResult>[] {
  return QUANTILES.map(([key, title]) => ({
    title,
    cell: (row) => formatMs(timesOf(row)[key]),
    sortBy: (row) => timesOf(row)[key],
    foot: formatMs(timesOf(totals)[key]),
  }));
}
