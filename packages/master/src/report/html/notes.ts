import type { NoteResult } from '@drumline/wire';
import { type Markup, markup } from './markup.js';

/** Renders the notes at the top, because readers must know them before they trust the results. */
export function renderNotes(notes: readonly NoteResult[]): Markup | false {
  if (notes.length === 0) return false;
  return markup`<section class="notes" aria-labelledby="notes">
<h2 id="notes"><span aria-hidden="true">⚠</span> ${notes.length === 1 ? 'One note' : `${notes.length} notes`} on these results</h2>
<ul>${notes.map((note) => markup`<li><code>${note.code}</code> <span>${note.message}</span></li>`)}</ul>
</section>`;
}
