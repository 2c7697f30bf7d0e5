import type { LossResult, RunResult } from '@drumline/client';
import { formatCount, formatInstant } from '@drumline/model';
import { type Column, DataTable } from './data-table.js';

/** Only for loads with a rate. */
const STARTS: Column<LossResult> = {
  title: 'Starts missing or doubled',
  cell: ({ startsAtMost }) =>
    startsAtMost === undefined ? 'none' : <span class="bad">at most {formatCount(startsAtMost)}</span>,
  sortBy: ({ startsAtMost = 0 }) => startsAtMost,
};

/** The lost workers and lanes, with what was not counted because of it. */
export function Losses({ result: { losses = [] } }: { readonly result: RunResult }) {
  return (
    <DataTable
      id="losses"
      title="Losses"
      rows={losses}
      columns={[
        {
          title: 'Worker or lane',
          cell: ({ worker, lane }) => (lane === undefined ? worker : `${worker}/${lane}`),
        },
        { title: 'Host', cell: (row) => row.host },
        { title: 'Lost', cell: (row) => formatInstant(row.at) },
        { title: 'Why', cell: (row) => row.reason },
        { title: 'Returned', cell: (row) => (row.returned ? 'yes' : 'no') },
        {
          title: 'Not counted',
          cell: (row) => (
            <span class={row.uncountedFrom === undefined ? undefined : 'bad'}>{uncounted(row)}</span>
          ),
          sortBy: (row) => row.uncountedAtMost ?? 0,
        },
        losses.some(({ startsAtMost }) => startsAtMost !== undefined) && STARTS,
      ]}
    />
  );
}

function uncounted({ uncountedFrom, uncountedAtMost, uncountedLikely, uncountedBy }: LossResult): string {
  if (uncountedFrom === undefined) return 'nothing';
  const likely =
    uncountedLikely === undefined || uncountedBy === 'capacity'
      ? ''
      : `likely ${formatCount(uncountedLikely)}, `;
  const most =
    uncountedAtMost === undefined ? 'an unknown number' : `at most ${formatCount(uncountedAtMost)}`;
  const by = uncountedBy === 'capacity' ? ' (the capacity of its lanes)' : '';
  return `${likely}${most}${by} since ${formatInstant(uncountedFrom)}`;
}
