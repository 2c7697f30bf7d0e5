import type { RunResult } from '@drumline/wire';
import { formatInstant } from '../format.js';
import { type Markup, markup } from './markup.js';

/** Renders the remarks at instants of the run. The charts mark them, too. */
export function renderAnnotations({ annotations = [] }: RunResult): Markup | false {
  if (annotations.length === 0) return false;
  return markup`<section class="card" aria-labelledby="annotations">
<h2 id="annotations">Annotations</h2>
<table><thead><tr><th>Time</th><th>Text</th></tr></thead>
<tbody>${annotations.map(({ at, text }) => markup`<tr><td>${formatInstant(at)}</td><td>${text}</td></tr>`)}</tbody></table>
</section>`;
}
