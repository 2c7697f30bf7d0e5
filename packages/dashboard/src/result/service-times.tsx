import type { RunResult } from '@drumline/client';
import { DataTable } from './data-table.js';
import { NAME_COLUMN, quantileColumns } from './series-columns.js';

/** The service times of the series whose iterations began late. */
export function ServiceTimes({ result: { series, totals } }: { readonly result: RunResult }) {
  return (
    <DataTable
      id="service"
      title="Service times, from the call instead of the due time"
      rows={series.filter(({ serviceMs }) => serviceMs !== undefined)}
      columns={[
        NAME_COLUMN,
        ...quantileColumns(totals, ({ serviceMs, latencyMs }) => serviceMs ?? latencyMs),
      ]}
    />
  );
}
