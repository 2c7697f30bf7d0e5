import type { RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { since } from './errors.js';
import { type Markup, markup } from './markup.js';

/** Renders the exceptions that the scenario threw, each with a collapsible stack. */
export function renderExceptions({ exceptions, run }: RunResult): Markup | false {
  if (exceptions.length === 0) return false;
  const rows = exceptions.toSorted((a, b) => b.occurrences - a.occurrences);
  return markup`<section class="card" aria-labelledby="exceptions">
<div class="bar"><h2 id="exceptions">Exceptions in the scenario <span class="count">${rows.length}</span></h2></div>
${rows.map(
  (row, i) => markup`<details class="exception"${i === 0 && markup` open`}>
<summary><span class="times">${formatCount(row.occurrences)} ×</span> <span class="message">${row.message}</span>
<span class="muted">${[row.user, row.task].filter(Boolean).join(' › ')}, ${since(run.startedAt, row.firstSeenAt)} to ${since(run.startedAt, row.lastSeenAt)}</span></summary>
<pre tabindex="0">${row.stack}</pre>
</details>
`,
)}</section>`;
}
