import { describeMargin, formatDuration, formatThresholdValue } from '@drumline/model';
import type { RunResult, ThresholdResult } from '@drumline/wire';
import { formatClock } from '../format.js';
import { type Markup, type Part, markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders the thresholds with their figures and margins. Symbols as well as colors mark them. */
export function renderThresholds({ thresholds = [] }: RunResult): Markup | false {
  return renderTable<ThresholdResult>({
    id: 'thresholds',
    title: 'Thresholds',
    rows: thresholds,
    columns: [
      {
        title: 'Threshold',
        cell: ({ passed, expression, aborted }) => [
          passed ? mark('good', '✓', 'passed') : mark('bad', '✗', 'failed'),
          expression,
          aborted === true && markup` <span class="muted">ended the run</span>`,
        ],
      },
      { title: 'Of', cell: ({ of }) => (of === '' ? markup`<span class="muted">the run</span>` : of) },
      {
        title: 'Observed',
        cell: ({ observed, unit, problem }) =>
          observed === null ? (problem ?? '–') : formatThresholdValue(observed, unit),
        sortBy: ({ observed }) => observed ?? 0,
      },
      {
        title: 'Margin',
        cell: ({ margin, passed, expression }) =>
          margin === undefined
            ? '–'
            : markup`<span class="${passed ? 'good' : 'bad'}">${describeMargin(margin, expression.includes('>'))}</span>`,
        sortBy: ({ margin }) => margin ?? 0,
      },
      { title: 'Broken', cell: brokenFor, sortBy: ({ brokenForMs }) => brokenForMs },
    ],
  });
}

function brokenFor({ brokenForMs, firstBrokenAtMs }: ThresholdResult): Part {
  if (brokenForMs === 0 || firstBrokenAtMs === undefined) return '–';
  return `${formatDuration(brokenForMs)}, first at ${formatClock(firstBrokenAtMs)}`;
}

function mark(tone: string, sign: string, label: string): Markup {
  return markup`<span class="mark ${tone}" role="img" aria-label="${label}">${sign}</span> `;
}
