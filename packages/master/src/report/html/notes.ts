import type { NoteResult } from '@drumline/wire';
import { type Markup, markup } from './markup.js';

/** What a reader must know before trusting the numbers; therefore on top. */
export function renderNotes(notes: readonly NoteResult[]): Markup | false {
  if (notes.length === 0) return false;
  return markup`<section class="notes" aria-labelledby="notes">
<h2 id="notes"><span aria-hidden="true">⚠</span> ${notes.length === 1 ? 'One note' : `${notes.length} notes`} on these numbers</h2>
<ul>${notes.map((note) => markup`<li><code>${note.code}</code> <span>${note.message}</span></li>`)}</ul>
</section>`;
}
