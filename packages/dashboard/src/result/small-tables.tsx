import type { RunResult } from '@drumline/client';
import { formatCount, formatInstant } from '@drumline/model';
import { DataTable } from './data-table.js';

interface Props {
  readonly result: RunResult;
}

/** The remarks at instants of the run. The charts mark them, too. */
export function Annotations({ result: { annotations = [] } }: Props) {
  return (
    <DataTable
      id="annotations"
      title="Annotations"
      rows={annotations}
      columns={[
        { title: 'Time', cell: ({ at }) => formatInstant(at) },
        { title: 'Text', cell: ({ text }) => text },
      ]}
    />
  );
}

/** The seconds in which a worker was the bottleneck. */
export function Untrusted({ result: { untrusted = [] } }: Props) {
  return (
    <DataTable
      id="untrusted"
      title="Untrusted seconds"
      rows={untrusted}
      columns={[
        { title: 'From', cell: ({ from }) => formatInstant(from) },
        { title: 'Seconds', cell: ({ seconds }) => formatCount(seconds), sortBy: ({ seconds }) => seconds },
        { title: 'Worker', cell: ({ worker }) => worker },
        { title: 'Cause', cell: ({ cause }) => cause },
      ]}
    />
  );
}

/** Where the seconds of the run were written, and what was lost on the way. */
export function Outputs({ result: { outputs = [] } }: Props) {
  return (
    <DataTable
      id="outputs"
      title="Outputs"
      rows={outputs}
      columns={[
        { title: 'Output', cell: ({ name }) => name },
        { title: 'To', cell: ({ to }) => to },
        {
          title: 'Batches sent',
          cell: ({ sentBatches }) => formatCount(sentBatches),
          sortBy: ({ sentBatches }) => sentBatches,
        },
        {
          title: 'Seconds lost',
          cell: ({ droppedSeconds }) => (
            <span class={droppedSeconds > 0 ? 'bad' : undefined}>{formatCount(droppedSeconds)}</span>
          ),
          sortBy: ({ droppedSeconds }) => droppedSeconds,
        },
        { title: 'Last error', cell: ({ lastError = '' }) => lastError },
      ]}
    />
  );
}

/** The counters, queues and maps that the scenario shared. */
export function SharedValues({ result: { shared } }: Props) {
  if (!shared) return null;
  const rowsOf = (kind: string, values: Record<string, number>) =>
    Object.entries(values).map(([name, value]) => ({ name, kind, value }));
  return (
    <DataTable
      id="shared"
      title="Shared values"
      rows={[
        ...rowsOf('counter', shared.counters),
        ...rowsOf('values left in a queue', shared.queues),
        ...rowsOf('values in a map', shared.maps),
      ]}
      columns={[
        { title: 'Name', cell: ({ name }) => name },
        { title: 'What', cell: ({ kind }) => kind },
        { title: 'At the end', cell: ({ value }) => formatCount(value), sortBy: ({ value }) => value },
      ]}
    />
  );
}

type Rows = NonNullable<RunResult['rows']>[number];

/** What became of test data that is used once or borrowed. */
export function RowsUsed({ result: { rows = [] } }: Props) {
  return (
    <DataTable<Rows>
      id="rows"
      title="Rows used once or borrowed"
      rows={rows}
      columns={[
        { title: 'Test data', cell: ({ table }) => table },
        { title: 'Use', cell: ({ use }) => use },
        { title: 'Rows', cell: (row) => formatCount(row.rows), sortBy: (row) => row.rows },
        { title: 'Issued', cell: ({ issued }) => formatCount(issued), sortBy: ({ issued }) => issued },
        {
          title: 'Used for sure',
          cell: ({ use, used }) =>
            use === 'once' ? formatCount(used) : `borrowed ${formatCount(used)} times`,
          sortBy: ({ used }) => used,
        },
        {
          title: 'Used or not',
          cell: ({ lost }) =>
            lost.length === 0 ? 'none' : <span class="bad">{lost.map(lossOf).join(', ')}</span>,
          sortBy: ({ lost }) => lost.reduce((sum, { rows: count }) => sum + count, 0),
        },
      ]}
    />
  );
}

function lossOf({ worker, lane, rows }: Rows['lost'][number]): string {
  return `${formatCount(rows)} with ${worker}/${lane}`;
}
