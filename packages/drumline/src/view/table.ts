import { cutMiddle, padEnd, padStart, widthOf } from './text.js';

/** A cell: its text, and a color function that is applied after alignment. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = '  ';
const NARROWEST = 12;

/**
 * The lines of a table. The first column gets the width that the others leave, and is shortened in
 * its middle. The others are aligned to the right and never shortened.
 */
export function renderTable(rows: readonly (readonly Cell[])[], width: number): string[] {
  const widths = columnWidths(rows);
  const others = widths.slice(1).reduce((sum, column) => sum + column + GAP.length, 0);
  const first = Math.max(NARROWEST, Math.min(widths[0] ?? 0, width - others));
  return rows.map((row) =>
    row
      .map(({ text, paint = plain }, column) =>
        paint(column === 0 ? padEnd(cutMiddle(text, first), first) : padStart(text, widths[column]!)),
      )
      .join(GAP)
      .trimEnd(),
  );
}

/** Whether a table fits if its first column has a given width. */
export function fits(rows: readonly (readonly Cell[])[], width: number, first: number): boolean {
  const others = columnWidths(rows).slice(1);
  return first + others.reduce((sum, column) => sum + column + GAP.length, 0) <= width;
}

function columnWidths(rows: readonly (readonly Cell[])[]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]?.text ?? ''))));
}

function plain(text: string): string {
  return text;
}
