import { describeReached, formatBytes, isGrouped } from '@drumline/model';
import type { RunResult, WorkerResult } from '@drumline/wire';
import { formatCount, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { renderTable } from './table.js';

/** A busier lane delays its own requests, which adds to their response times. */
const BUSY_PERCENT = 90;

/** Renders the workers with their load and CPU. */
export function renderWorkers({ workers, totals }: RunResult): Markup | false {
  return renderTable<WorkerResult>({
    id: 'workers',
    title: 'Workers',
    rows: workers,
    columns: [
      { title: 'Worker', cell: (row) => row.id },
      { title: 'Host', cell: (row) => row.host },
      workers.some((row) => row.node !== undefined) && { title: 'Machine', cell: machineOf },
      {
        title: 'State',
        cell: (row) => markup`<span class="${row.state === 'missing' && 'bad'}">${row.state}</span>`,
      },
      {
        title: 'Requests',
        cell: (row) =>
          markup`${formatCount(row.requests)} <small class="muted">${formatShare(row.requests, totals.requests)}</small>`,
        sortBy: (row) => row.requests,
        share: (row) => row.requests / Math.max(1, totals.requests),
      },
      { title: 'Lanes', cell: (row) => row.lanes, sortBy: (row) => row.lanes },
      {
        title: 'Lane CPU, busiest second',
        cell: laneCpu,
        sortBy: (row) => Math.max(0, ...row.cpuPercent.lanes),
      },
      {
        title: 'Control CPU',
        cell: (row) => percent(row.cpuPercent.control),
        sortBy: (row) => row.cpuPercent.control,
      },
      { title: 'Memory', cell: (row) => formatBytes(row.memoryBytes), sortBy: (row) => row.memoryBytes },
      workers.some((row) => row.reached !== undefined) && { title: 'Limits reached', cell: reachedText },
    ],
  });
}

/** `Node v20.20.0 · 2 × Intel Xeon · 8.3 GB · Linux 6.1 x64` */
function machineOf({ node, machine }: WorkerResult): Markup {
  const facts = machine
    ? [`${machine.cores} × ${machine.cpu}`, formatBytes(machine.memoryBytes), machine.os]
    : [];
  return markup`<span class="message">${[`Node ${node ?? '?'}`, ...facts].join(' · ')}</span>`;
}

/** `ports used at most: 61 % · open files at most: 4 %` */
function reachedText({ reached }: WorkerResult): Markup {
  return markup`<span class="message">${describeReached([reached]).join(' · ')}</span>`;
}

/** CPU of each lane, with the name of its lane group if there are groups. */
function laneCpu({ cpuPercent, laneGroups = [] }: WorkerResult): Markup {
  const grouped = isGrouped(laneGroups);
  return markup`<span class="lanes">${cpuPercent.lanes.map((cpu, lane) => {
    const startsGroup = grouped && laneGroups[lane] !== laneGroups[lane - 1];
    const name = startsGroup && markup`<small class="muted">${laneGroups[lane]!}</small> `;
    return markup`${name}<span class="${cpu >= BUSY_PERCENT && 'bad'}">${percent(cpu)}</span> `;
  })}</span>`;
}

function percent(value: number): string {
  return `${value.toFixed(0)} %`;
}
