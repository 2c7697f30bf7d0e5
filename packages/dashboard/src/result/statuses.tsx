import type { SeriesResult, TotalsResult } from '@drumline/client';
import type { ComponentChildren } from 'preact';
import { formatCount } from '@drumline/model';
import { type Column, DataTable } from './data-table.js';
import { Muted } from './marks.js';
import { NAME_COLUMN } from './series-columns.js';

/** The most columns of statuses. The last one sums up those that are rarer. */
const MAX_COLUMNS = 12;

interface Props {
  readonly result: {
    readonly series: readonly SeriesResult[];
    readonly totals: TotalsResult;
  };
}

/** The requests of each series by status, unless all requests have the same one. */
export function Statuses({ result: { series, totals } }: Props) {
  const told = series.filter(({ statuses }) => statuses !== undefined);
  const statuses = statusesOf(told);
  const hasMissing = told.some((row) => withoutStatus(row) > 0);
  if (statuses.length < 2 && !hasMissing) return null;
  const [shown, rest] =
    statuses.length <= MAX_COLUMNS
      ? [statuses, []]
      : [statuses.slice(0, MAX_COLUMNS - 1), statuses.slice(MAX_COLUMNS - 1)];
  return (
    <DataTable
      id="statuses"
      title="Responses by status"
      rows={told}
      columns={[
        NAME_COLUMN,
        ...shown
          .toSorted(byCode)
          .map((status) => countColumn(status, totals, (row) => requestsWith(row, [status]))),
        rest.length > 0 && countColumn(`${rest.length} others`, totals, (row) => requestsWith(row, rest)),
        hasMissing && countColumn('No response', totals, withoutStatus),
      ]}
    />
  );
}

function countColumn(
  title: string,
  totals: TotalsResult,
  countOf: (row: TotalsResult) => number,
): Column<SeriesResult> {
  const cell = (row: TotalsResult): ComponentChildren =>
    countOf(row) === 0 ? <Muted>0</Muted> : formatCount(countOf(row));
  return { title, cell, sortBy: countOf, foot: cell(totals) };
}

/** All statuses, the most frequent first. */
function statusesOf(series: readonly SeriesResult[]): string[] {
  const requests = new Map<string, number>();
  for (const { statuses = {} } of series)
    for (const [status, count] of Object.entries(statuses))
      requests.set(status, (requests.get(status) ?? 0) + count);
  return [...requests].toSorted(([, a], [, b]) => b - a).map(([status]) => status);
}

function requestsWith({ statuses = {} }: TotalsResult, wanted: readonly string[]): number {
  return wanted.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
}

/** Requests that ended without a response. */
function withoutStatus(row: TotalsResult): number {
  return row.requests - row.interrupted - requestsWith(row, Object.keys(row.statuses ?? {}));
}

/** Numbers before names. */
function byCode(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
