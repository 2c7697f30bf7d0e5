import type { RunResult, UntrustedResult } from '@drumline/wire';
import { formatCount, formatInstant } from '../format.js';
import type { Markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders the seconds in which a worker was the bottleneck. */
export function renderUntrusted({ untrusted = [] }: RunResult): Markup | false {
  return renderTable<UntrustedResult>({
    id: 'untrusted',
    title: 'Untrusted seconds',
    rows: untrusted,
    columns: [
      { title: 'From', cell: ({ from }) => formatInstant(from) },
      { title: 'Seconds', cell: ({ seconds }) => formatCount(seconds), sortBy: ({ seconds }) => seconds },
      { title: 'Worker', cell: ({ worker }) => worker },
      { title: 'Cause', cell: ({ cause }) => cause },
    ],
  });
}
