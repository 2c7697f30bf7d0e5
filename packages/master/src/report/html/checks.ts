import { taggedLabel } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { formatCount, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { renderTable } from './table.js';

type CheckResult = RunResult['checks'][number];

/** Renders the checks. Symbols as well as colors mark passed and failed ones. */
export function renderChecks(checks: readonly CheckResult[]): Markup | false {
  return renderTable<CheckResult>({
    id: 'checks',
    title: 'Checks',
    rows: checks,
    columns: [
      {
        title: 'Check',
        cell: (row) => [
          row.fails === 0 ? mark('good', '✓', 'passed') : mark('bad', '✗', 'failed'),
          taggedLabel(row),
        ],
      },
      {
        title: 'Passed',
        cell: (row) => formatShare(row.passes, row.passes + row.fails),
        sortBy: passRate,
        share: passRate,
      },
      { title: 'Passes', cell: (row) => formatCount(row.passes), sortBy: (row) => row.passes },
      {
        title: 'Fails',
        cell: (row) =>
          markup`<span class="${row.fails > 0 ? 'bad' : 'muted'}">${formatCount(row.fails)}</span>`,
        sortBy: (row) => row.fails,
      },
    ],
  });
}

function passRate({ passes, fails }: CheckResult): number {
  return passes / Math.max(1, passes + fails);
}

function mark(tone: string, sign: string, label: string): Markup {
  return markup`<span class="mark ${tone}" role="img" aria-label="${label}">${sign}</span> `;
}
