import type { RunResult } from '@drumline/client';
import { describeLimit, formatCount, formatLoadRate } from '@drumline/model';
import { formatFigure } from '../format.js';
import { type Column, DataTable } from './data-table.js';

type Step = NonNullable<RunResult['limit']>['steps'][number];

/** The answer of a search for a limit, and the figures of each step. */
export function Limit({ result: { limit } }: { readonly result: RunResult }) {
  if (limit === undefined) return null;
  const highest = Math.max(...limit.steps.map(({ perSecond }) => perSecond));
  const conditions = limit.steps[0]?.observed ?? [];
  return (
    <DataTable<Step>
      id="limit"
      title="Limit"
      intro={describeLimit(limit)}
      rows={limit.steps}
      columns={[
        { title: 'Step', cell: (step) => <Judgment step={step} /> },
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
      ]}
    />
  );
}

function Judgment({ step: { passed, untrusted } }: { readonly step: Step }) {
  const [tone, sign, label] = passed
    ? ['good', '✓', 'passed']
    : untrusted
      ? ['muted', '!', 'not judged']
      : ['bad', '✗', 'failed'];
  return (
    <>
      <span class={`mark ${tone}`} aria-hidden="true">
        {sign}
      </span>{' '}
      {label}
    </>
  );
}

function conditionColumn(expression: string, index: number): Column<Step> {
  return {
    title: expression,
    cell: ({ observed }) => {
      const one = observed[index];
      if (one === undefined) return '–';
      const figure = one.observed === null ? 'no data' : formatFigure(one.observed, one.unit);
      return one.passed ? figure : <span class="bad">{figure}</span>;
    },
    sortBy: ({ observed }) => observed[index]?.observed ?? 0,
  };
}
