import type { RunResult } from '@drumline/client';
import { formatClock, formatDuration } from '@drumline/model';
import { formatFigure, formatMargin } from '../format.js';
import { DataTable } from './data-table.js';
import { Mark, Muted } from './marks.js';

type Threshold = NonNullable<RunResult['thresholds']>[number];

/** The thresholds with their figures and margins. */
export function Thresholds({ result: { thresholds = [] } }: { readonly result: RunResult }) {
  return (
    <DataTable<Threshold>
      id="thresholds"
      title="Thresholds"
      rows={thresholds}
      columns={[
        {
          title: 'Threshold',
          cell: ({ passed, expression, aborted }) => (
            <>
              <Mark passed={passed} />
              {expression}
              {aborted === true && <Muted> ended the run</Muted>}
            </>
          ),
          sortBy: ({ expression }) => expression,
        },
        { title: 'Of', cell: ({ of }) => (of === '' ? <Muted>the run</Muted> : of), sortBy: ({ of }) => of },
        {
          title: 'Observed',
          cell: ({ observed, unit, problem }) =>
            observed === null ? (problem ?? '–') : formatFigure(observed, unit),
          sortBy: ({ observed }) => observed ?? 0,
        },
        {
          title: 'Margin',
          cell: ({ margin, passed, expression }) =>
            margin === undefined ? (
              '–'
            ) : (
              <span class={passed ? 'good' : 'bad'}>{formatMargin(margin, expression.includes('>'))}</span>
            ),
          sortBy: ({ margin }) => margin ?? 0,
        },
        { title: 'Broken', cell: brokenFor, sortBy: ({ brokenForMs }) => brokenForMs },
      ]}
    />
  );
}

function brokenFor({ brokenForMs, firstBrokenAtMs }: Threshold): string {
  if (brokenForMs === 0 || firstBrokenAtMs === undefined) return '–';
  return `${formatDuration(brokenForMs)}, first at ${formatClock(firstBrokenAtMs)}`;
}
