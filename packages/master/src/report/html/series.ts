import { formatBytes } from '@drumline/model';
import type { LatencyResult, RunResult, SeriesResult, TotalsResult } from '@drumline/wire';
import { formatCount, formatMs, formatNumber, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { type Column, renderTable } from './table.js';

const QUANTILES: readonly [keyof LatencyResult, string][] = [
  ['mean', 'Mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p99_9', 'p99.9'],
  ['max', 'Max'],
];

/** Renders one row per series. The last row has the totals. */
export function renderSeries({ series, totals }: RunResult): Markup | false {
  const most = series.reduce((max, row) => Math.max(max, row.requests), 1);
  return renderTable<SeriesResult>({
    id: 'series',
    title: 'Requests',
    rows: series,
    columns: [
      { title: 'Name', cell: requestName, foot: 'All requests' },
      userColumn(series),
      {
        title: 'Requests',
        cell: (row) => formatCount(row.requests),
        sortBy: (row) => row.requests,
        share: (row) => row.requests / most,
        foot: formatCount(totals.requests),
      },
      {
        title: 'Rate /s',
        cell: (row) => formatNumber(row.rate),
        sortBy: (row) => row.rate,
        foot: formatNumber(totals.rate),
      },
      { title: 'Failures', cell: failures, sortBy: (row) => row.failures, foot: failures(totals) },
      totals.interrupted > 0 && {
        title: 'Interrupted',
        cell: (row) => formatCount(row.interrupted),
        sortBy: (row) => row.interrupted,
        foot: formatCount(totals.interrupted),
      },
      totals.resends !== undefined &&
        totals.resends > 0 && {
          title: 'Resends',
          cell: (row) => formatCount(row.resends ?? 0),
          sortBy: (row) => row.resends ?? 0,
          foot: formatCount(totals.resends),
        },
      ...quantileColumns(totals, ({ latencyMs }) => latencyMs),
      {
        title: 'Received',
        cell: (row) => formatBytes(row.bytesReceived),
        sortBy: (row) => row.bytesReceived,
        foot: formatBytes(totals.bytesReceived),
      },
    ],
  });
}

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

/** A column with the user type, if there are several. */
export function userColumn(series: readonly SeriesResult[]): Column<SeriesResult> | false {
  const several = new Set(series.map((row) => row.user)).size > 1;
  return several && { title: 'User', cell: (row) => row.user, foot: '' };
}

/** Method and name, with the tags of the series, and the protocol unless it is HTTP. */
export function requestName(row: {
  protocol: string;
  method: string;
  name: string;
  tags?: Record<string, string>;
  part?: boolean;
}): Markup {
  const tags = Object.entries(row.tags ?? {}).map(
    ([key, value]) => markup` <span class="tag">${key}=${value}</span>`,
  );
  const protocol = !/^https?$/i.test(row.protocol) && markup`<span class="tag">${row.protocol}</span> `;
  return markup`<span class="name">${protocol}${row.method && markup`<span class="method">${row.method}</span> `}${row.name}${tags}${row.part && markup` <small class="muted">not in the totals</small>`}</span>`;
}

function failures({ failures: count, requests }: { failures: number; requests: number }): Markup {
  if (count === 0) return markup`<span class="muted">0</span>`;
  return markup`<span class="bad">${formatCount(count)} <small>${formatShare(count, requests)}</small></span>`;
}
