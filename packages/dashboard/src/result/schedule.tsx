import type { RunResult } from '@drumline/client';
import { formatCount, formatShare } from '@drumline/model';
import { DataTable } from './data-table.js';

type Row = NonNullable<RunResult['schedule']>[number];

/** What became of the arrivals and iterations that were due. Closed loads have none. */
export function Schedule({ result: { schedule = [] } }: { readonly result: RunResult }) {
  const due = ({ started, dropped, skipped }: Row): number => started + dropped + skipped;
  return (
    <DataTable<Row>
      id="schedule"
      title="Starts"
      rows={schedule}
      columns={[
        { title: 'User type', cell: (row) => row.user },
        schedule.some(({ phase }) => phase !== '') && { title: 'Phase', cell: (row) => row.phase },
        { title: 'Due', cell: (row) => formatCount(due(row)), sortBy: due },
        { title: 'Started', cell: (row) => formatCount(row.started), sortBy: (row) => row.started },
        {
          title: <abbr title="began more than 10 ms after they were due">Late</abbr>,
          cell: (row) => <Counted count={row.late} whole={row.started} />,
          sortBy: (row) => row.late,
        },
        {
          title: <abbr title="refused by the limit of users">Dropped</abbr>,
          cell: (row) => <Counted count={row.dropped} whole={due(row)} />,
          sortBy: (row) => row.dropped,
        },
        {
          title: <abbr title="due while the run was paused or had stopped">Skipped</abbr>,
          cell: (row) => <Counted count={row.skipped} whole={due(row)} />,
          sortBy: (row) => row.skipped,
        },
      ]}
    />
  );
}

function Counted({ count, whole }: { readonly count: number; readonly whole: number }) {
  return (
    <>
      {formatCount(count)}
      {count > 0 && <small class="muted"> {formatShare(count, whole)}</small>}
    </>
  );
}
