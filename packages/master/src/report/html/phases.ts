import type { PhaseMeansResult, RunResult, SeriesResult, TotalsResult } from '@drumline/wire';
import { formatMs } from '../format.js';
import type { Markup } from './markup.js';
import { requestName, userColumn } from './series.js';
import { type Column, renderTable } from './table.js';

const PHASES: readonly [keyof PhaseMeansResult, string][] = [
  ['queued', 'Queued'],
  ['connect', 'Connect'],
  ['send', 'Send'],
  ['wait', 'Wait'],
  ['receive', 'Receive'],
];

/** Where the time of the requests went, series by series; the bars are parts of the response time. */
export function renderPhases({ series, totals }: RunResult): Markup | false {
  const told = series.filter((row) => row.phasesMs !== undefined);
  return renderTable<SeriesResult>({
    id: 'phases',
    title: 'Where the time went',
    rows: told,
    columns: [
      { title: 'Name', cell: requestName, foot: 'All requests' },
      userColumn(told),
      {
        title: 'Response time, mean',
        cell: (row) => formatMs(row.latencyMs.mean),
        sortBy: (row) => row.latencyMs.mean,
        foot: formatMs(totals.latencyMs.mean),
      },
      ...PHASES.map(([phase, title]): Column<SeriesResult> => ({
        title,
        cell: (row) => formatMs(meanOf(row, phase)),
        sortBy: (row) => meanOf(row, phase),
        share: (row) => meanOf(row, phase) / wholeOf(row),
        foot: formatMs(meanOf(totals, phase)),
      })),
    ],
  });
}

function meanOf({ phasesMs }: TotalsResult, phase: keyof PhaseMeansResult): number {
  return phasesMs?.[phase] ?? 0;
}

/** What the bars are parts of; never 0, and never less than the phases together, which may be those of fewer requests. */
function wholeOf(row: TotalsResult): number {
  const together = PHASES.reduce((sum, [phase]) => sum + meanOf(row, phase), 0);
  return Math.max(row.latencyMs.mean, together) || 1;
}
