import type { PhaseMeansResult, RunResult, SeriesResult, TotalsResult } from '@drumline/wire';
import { formatMs } from '../format.js';
import { type Markup, markup } from './markup.js';
import { requestName, userColumn } from './series.js';
import { type Column, renderTable } from './table.js';

type Phase = keyof PhaseMeansResult;

const PHASES: readonly [Phase, string][] = [
  ['late', 'Late'],
  ['queued', 'Queued'],
  ['connect', 'Connect'],
  ['send', 'Send'],
  ['wait', 'Wait'],
  ['receive', 'Receive'],
];

/**
 * Renders the phases of the response time for each series: means, and a bar with their proportions.
 */
export function renderPhases({ series, totals }: RunResult): Markup | false {
  const told = series.filter((row) => row.phasesMs !== undefined);
  const phases = phasesOf(totals);
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
      { title: 'Phases', cell: bar, foot: bar(totals) },
      ...phases.map(([phase, title]): Column<SeriesResult> => ({
        title: markup`<span class="key ${phase}"></span>${title}`,
        cell: (row) => formatMs(meanOf(row, phase)),
        sortBy: (row) => meanOf(row, phase),
        foot: formatMs(meanOf(totals, phase)),
      })),
    ],
  });
}

/** The phases side by side. The rest of the response time stays empty. */
function bar(row: TotalsResult): Markup {
  const phases = phasesOf(row);
  const together = phases.reduce((sum, [phase]) => sum + meanOf(row, phase), 0);
  // The phases may cover fewer requests than the mean, so their sum may be larger.
  const whole = Math.max(row.latencyMs.mean, together) || 1;
  const parts = phases.map(([phase]) => [phase, ((meanOf(row, phase) / whole) * 100).toFixed(1)]);
  return markup`<span class="parts" aria-hidden="true">${parts.map(
    ([phase, percent]) => markup`<i class="${phase}" style="width:${percent}%"></i>`,
  )}</span>`;
}

/** Without the phase `late` if no iteration began late. */
function phasesOf({ phasesMs }: TotalsResult): readonly (readonly [Phase, string])[] {
  return PHASES.filter(([phase]) => phase !== 'late' || phasesMs?.late !== undefined);
}

function meanOf({ phasesMs }: TotalsResult, phase: Phase): number {
  return phasesMs?.[phase] ?? 0;
}
