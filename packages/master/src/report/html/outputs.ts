import type { OutputView, RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { markup, type Markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders where the seconds of the run were written, and what was lost on the way. */
export function renderOutputs({ outputs = [] }: RunResult): Markup | false {
  return renderTable<OutputView>({
    id: 'outputs',
    title: 'Outputs',
    rows: outputs,
    columns: [
      { title: 'Output', cell: ({ name }) => name },
      { title: 'To', cell: ({ to }) => to },
      {
        title: 'Batches sent',
        cell: ({ sentBatches }) => formatCount(sentBatches),
        sortBy: ({ sentBatches }) => sentBatches,
      },
      { title: 'Seconds lost', cell: lostOf, sortBy: ({ droppedSeconds }) => droppedSeconds },
      { title: 'Last error', cell: ({ lastError = '' }) => lastError },
    ],
  });
}

function lostOf({ droppedSeconds }: OutputView): Markup | string {
  const seconds = formatCount(droppedSeconds);
  return droppedSeconds > 0 ? markup`<span class="bad">${seconds}</span>` : seconds;
}
