import type { RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import type { Markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders the counters, queues and maps that the scenario shared. */
export function renderShared({ shared }: RunResult): Markup | false {
  if (!shared) return false;
  const { counters, queues, maps } = shared;
  const rowsOf = (kind: string, values: Record<string, number>) =>
    Object.entries(values).map(([name, value]) => ({ name, kind, value }));
  return renderTable({
    id: 'shared',
    title: 'Shared values',
    rows: [
      ...rowsOf('counter', counters),
      ...rowsOf('values left in a queue', queues),
      ...rowsOf('values in a map', maps),
    ],
    columns: [
      { title: 'Name', cell: ({ name }) => name },
      { title: 'What', cell: ({ kind }) => kind },
      { title: 'At the end', cell: ({ value }) => formatCount(value), sortBy: ({ value }) => value },
    ],
  });
}
