import type { RunResult, SeriesResult } from '@drumline/wire';
import type { Markup } from './markup.js';
import { quantileColumns, requestName, userColumn } from './series.js';
import { renderTable } from './table.js';

/** Renders the service times of the series whose iterations began late. */
export function renderServiceTimes({ series, totals }: RunResult): Markup | false {
  const told = series.filter(({ serviceMs }) => serviceMs !== undefined);
  return renderTable<SeriesResult>({
    id: 'service',
    title: 'Service times, from the call instead of the due time',
    rows: told,
    columns: [
      { title: 'Name', cell: requestName, foot: 'All requests' },
      userColumn(told),
      ...quantileColumns(totals, ({ serviceMs, latencyMs }) => serviceMs ?? latencyMs),
    ],
  });
}
