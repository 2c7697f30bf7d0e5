import { describeLimit, formatCount, formatLoadRate, formatThresholdValue } from '@drumline/model';
import type { LimitStepResult, RunResult } from '@drumline/wire';
import { markup, type Markup } from './markup.js';
import { renderTable, type Column } from './table.js';

/** Renders the answer of a search for a limit, and the figures of each step. */
export function renderLimit({ limit }: RunResult): Markup | false {
  if (limit === undefined) return false;
  const highest = Math.max(...limit.steps.map(({ perSecond }) => perSecond));
  const conditions = limit.steps[0]?.observed ?? [];
  return renderTable<LimitStepResult>({
    id: 'limit',
    title: 'Limit',
    intro: describeLimit(limit),
    rows: limit.steps,
    columns: [
      { title: 'Step', cell: stepOf },
      {
        title: 'Rate',
        cell: ({ perSecond }) => formatLoadRate(perSecond),
        sortBy: ({ perSecond }) => perSecond,
        share: ({ perSecond }) => perSecond / highest,
      },
      ...conditions.map(({ expression }, index) => conditionColumn(expression, index)),
      {
        title: 'Judged',
        cell: ({ heldSeconds }) => `${formatCount(heldSeconds)} s`,
        sortBy: ({ heldSeconds }) => heldSeconds,
      },
      limit.steps.some(({ untrusted }) => untrusted) && {
        title: 'Why it was not judged',
        cell: ({ untrusted }) => untrusted?.message ?? '–',
      },
    ],
  });
}

function stepOf({ passed, untrusted }: LimitStepResult): Markup {
  const [tone, sign, label] = passed
    ? ['good', '✓', 'passed']
    : untrusted
      ? ['muted', '!', 'not judged']
      : ['bad', '✗', 'failed'];
  return markup`<span class="mark ${tone}" aria-hidden="true">${sign}</span> ${label}`;
}

function conditionColumn(expression: string, index: number): Column<LimitStepResult> {
  return {
    title: expression,
    cell: ({ observed }) => {
      const one = observed[index];
      if (one === undefined) return '–';
      const figure = one.observed === null ? 'no data' : formatThresholdValue(one.observed, one.unit);
      return one.passed ? figure : markup`<span class="bad">${figure}</span>`;
    },
    sortBy: ({ observed }) => observed[index]?.observed ?? 0,
  };
}
