import type { ErrorResult, RunResult } from '@drumline/wire';
import { formatClock, formatCount, formatInstant, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { requestName } from './series.js';
import { renderTable } from './table.js';

/** Renders the request errors, the most frequent first. */
export function renderErrors({ errors, totals, run }: RunResult): Markup | false {
  const rows = errors.toSorted((a, b) => b.occurrences - a.occurrences);
  const whole = Math.max(1, ...rows.map((row) => row.occurrences), totals.failures);
  return renderTable<ErrorResult>({
    id: 'errors',
    title: 'Errors',
    rows,
    columns: [
      {
        title: 'Error',
        cell: (row) =>
          markup`<span class="message">${row.error}${row.example !== undefined && markup` <small class="muted">for example: ${row.example}</small>`}</span>${samplesOf(row)}`,
      },
      {
        title: 'Occurrences',
        cell: (row) =>
          markup`${formatCount(row.occurrences)} <small class="muted">${formatShare(row.occurrences, whole)}</small>`,
        sortBy: (row) => row.occurrences,
        share: (row) => row.occurrences / whole,
      },
      { title: 'Request', cell: requestName },
      { title: 'User', cell: (row) => row.user },
      {
        title: 'First',
        cell: (row) => since(run.startedAt, row.firstSeenAt),
        sortBy: (row) => Date.parse(row.firstSeenAt),
      },
      {
        title: 'Last',
        cell: (row) => since(run.startedAt, row.lastSeenAt),
        sortBy: (row) => Date.parse(row.lastSeenAt),
      },
    ],
  });
}

/** Failed requests with their responses, folded. */
function samplesOf({ samples = [] }: ErrorResult): Markup | false {
  if (samples.length === 0) return false;
  const title = samples.length === 1 ? 'A failed request' : `${samples.length} failed requests`;
  return markup`<details><summary>${title}</summary>${samples.map(
    ({ at, request, response }) =>
      markup`<p class="muted">${formatInstant(at)}</p><pre>${request}</pre>${response !== undefined && markup`<pre>${response}</pre>`}`,
  )}</details>`;
}

/** Renders an instant as time since the start, with the instant itself as a tooltip. */
export function since(start: string, instant: string): Markup {
  const ms = Date.parse(instant) - Date.parse(start);
  return markup`<time datetime="${instant}" title="${formatInstant(instant)}">${Number.isNaN(ms) ? instant : formatClock(ms)}</time>`;
}
