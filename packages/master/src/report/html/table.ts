import { type Markup, type Part, markup } from './markup.js';

/** A sortable column of a table. */
export interface Column<Row> {
  readonly title: Part;
  readonly cell: (row: Row) => Part;
  /** The numeric sort key; makes the column numeric. Without it, the column is sorted by text. */
  readonly sortBy?: (row: Row) => number;
  /** Content of the footer row. */
  readonly foot?: Part;
  /** The share of the row, 0 to 1, drawn as a bar under the number. */
  readonly share?: (row: Row) => number;
}

interface Table<Row> {
  readonly id: string;
  readonly title: string;
  /** A sentence above the table. */
  readonly intro?: string;
  readonly rows: readonly Row[];
  readonly columns: readonly (Column<Row> | false)[];
}

/** Tables with at least this many rows have a filter. */
const FILTER_FROM = 12;

/**
 * Renders a card with a sortable table, whose first column names the row. Returns false without
 * rows.
 */
export function renderTable<Row>({ id, title, intro, rows, columns }: Table<Row>): Markup | false {
  if (rows.length === 0) return false;
  const shown = columns.filter((column) => column !== false);
  return markup`<section class="card" aria-labelledby="${id}">
<div class="bar"><h2 id="${id}">${title} <span class="count">${rows.length}</span></h2>${rows.length >= FILTER_FROM && filter(id, title)}</div>
${intro !== undefined && markup`<p>${intro}</p>\n`}<p class="more screen-only" hidden>Scroll sideways for more columns →</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
<table data-sortable>
<thead><tr>${shown.map(heading)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${shown.map((column, i) => cell(column, row, i === 0))}</tr>\n`)}</tbody>
${shown.some((column) => column.foot !== undefined) && foot(shown)}
</table>
</div>
</section>`;
}

function filter(id: string, title: string): Markup {
  return markup`<input type="search" class="screen-only" data-filter="${id}" placeholder="Filter" aria-label="Filter ${title}" hidden>`;
}

function heading<Row>({ title, sortBy }: Column<Row>): Markup {
  return markup`<th scope="col"${sortBy && markup` class="num"`}><button type="button">${title}</button></th>`;
}

function cell<Row>({ cell: show, sortBy, share }: Column<Row>, row: Row, names: boolean): Markup {
  if (names) return markup`<th scope="row">${show(row)}</th>`;
  if (!sortBy) return markup`<td>${show(row)}</td>`;
  const bar = share && markup` style="--share:${(share(row) * 100).toFixed(1)}%"`;
  return markup`<td class="num${bar && ' share'}" data-sort="${sortBy(row)}"${bar}>${show(row)}</td>`;
}

function foot<Row>(columns: readonly Column<Row>[]): Markup {
  return markup`<tfoot><tr>${columns.map(({ foot: value, sortBy }, i) =>
    i === 0
      ? markup`<th scope="row">${value}</th>`
      : markup`<td${sortBy && markup` class="num"`}>${value}</td>`,
  )}</tr></tfoot>`;
}
