import type { RowsResult, RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { markup, type Markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders what became of test data that is used once or borrowed. */
export function renderRows({ rows = [] }: RunResult): Markup | false {
  return renderTable<RowsResult>({
    id: 'rows',
    title: 'Rows used once or borrowed',
    rows,
    columns: [
      { title: 'Test data', cell: ({ table }) => table },
      { title: 'Use', cell: ({ use }) => use },
      { title: 'Rows', cell: (row) => formatCount(row.rows), sortBy: (row) => row.rows },
      { title: 'Issued', cell: ({ issued }) => formatCount(issued), sortBy: ({ issued }) => issued },
      { title: 'Used for sure', cell: usedOf, sortBy: ({ used }) => used },
      {
        title: 'Used or not',
        cell: ({ lost }) =>
          lost.length === 0 ? 'none' : markup`<span class="bad">${lost.map(lossOf).join(', ')}</span>`,
        sortBy: ({ lost }) => lost.reduce((sum, { rows: count }) => sum + count, 0),
      },
    ],
  });
}

function usedOf({ use, used }: RowsResult): string {
  return use === 'once' ? formatCount(used) : `borrowed ${formatCount(used)} times`;
}

function lossOf({ worker, lane, rows }: RowsResult['lost'][number]): string {
  return `${formatCount(rows)} with ${worker}/${lane}`;
}
