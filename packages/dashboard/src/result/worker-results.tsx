import type { RunResult, WorkerResult } from '@drumline/client';
import { describeReached, formatBytes, formatCount, formatShare, isGrouped } from '@drumline/model';
import { DataTable } from './data-table.js';

/** A busier lane delays its own requests, which adds to their response times. */
const BUSY_PERCENT = 90;

/** The workers with their load and CPU over the whole run. */
export function WorkerResults({ result: { workers, totals } }: { readonly result: RunResult }) {
  return (
    <DataTable<WorkerResult>
      id="workers"
      title="Workers"
      rows={workers}
      columns={[
        { title: 'Worker', cell: (row) => row.id },
        { title: 'Host', cell: (row) => row.host },
        workers.some((row) => row.node !== undefined) && {
          title: 'Machine',
          cell: (row) => <span class="message">{machineOf(row)}</span>,
          sortBy: machineOf,
        },
        {
          title: 'State',
          cell: (row) => <span class={row.state === 'missing' ? 'bad' : undefined}>{row.state}</span>,
          sortBy: (row) => row.state,
        },
        {
          title: 'Requests',
          cell: (row) => (
            <>
              {formatCount(row.requests)}{' '}
              <small class="muted">{formatShare(row.requests, totals.requests)}</small>
            </>
          ),
          sortBy: (row) => row.requests,
          share: (row) => row.requests / Math.max(1, totals.requests),
        },
        { title: 'Lanes', cell: (row) => row.lanes, sortBy: (row) => row.lanes },
        {
          title: 'Lane CPU, busiest second',
          cell: (row) => <LaneCpu worker={row} />,
          sortBy: (row) => Math.max(0, ...row.cpuPercent.lanes),
        },
        {
          title: 'Control CPU',
          cell: (row) => percent(row.cpuPercent.control),
          sortBy: (row) => row.cpuPercent.control,
        },
        { title: 'Memory', cell: (row) => formatBytes(row.memoryBytes), sortBy: (row) => row.memoryBytes },
        workers.some((row) => row.reached !== undefined) && {
          title: 'Limits reached',
          cell: ({ reached }) => <span class="message">{describeReached([reached]).join(' · ')}</span>,
          sortBy: ({ reached }) => describeReached([reached]).join(' · '),
        },
      ]}
    />
  );
}

/** `Node v20.20.0 · 2 × Intel Xeon · 8.3 GB · Linux 6.1 x64` */
function machineOf({ node, machine }: WorkerResult): string {
  const facts = machine
    ? [`${machine.cores} × ${machine.cpu}`, formatBytes(machine.memoryBytes), machine.os]
    : [];
  return [`Node ${node ?? '?'}`, ...facts].join(' · ');
}

/** CPU of each lane, with the name of its lane group if there are groups. */
function LaneCpu({ worker: { cpuPercent, laneGroups = [] } }: { readonly worker: WorkerResult }) {
  const grouped = isGrouped(laneGroups);
  return (
    <>
      {cpuPercent.lanes.map((cpu, lane) => {
        const startsGroup = grouped && laneGroups[lane] !== laneGroups[lane - 1];
        return (
          <span key={lane}>
            {startsGroup && <small class="muted">{laneGroups[lane]} </small>}
            <span class={cpu >= BUSY_PERCENT ? 'bad' : undefined}>{percent(cpu)}</span>{' '}
          </span>
        );
      })}
    </>
  );
}

function percent(value: number): string {
  return `${value.toFixed(0)} %`;
}
