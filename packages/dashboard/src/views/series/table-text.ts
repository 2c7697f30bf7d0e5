import type { SeriesResult } from '@drumline/client';
import { nameText } from '../../parts/series-name.js';
import type { Column } from './table-columns.js';

/** A table for a chat or an issue. */
export function asMarkdown(rows: readonly SeriesResult[], shown: readonly Column[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = [
    ['Series', ...shown.map(({ title }) => title)],
    [':--', ...shown.map(() => '--:')],
    ...rows.map((row) => [cell(nameText(row)), ...shown.map(({ read }) => read(row))]),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** A table for a spreadsheet. */
export function asCsv(rows: readonly SeriesResult[], shown: readonly Column[]): string {
  // Spreadsheets run a cell that begins like a formula.
  const cell = (text: string): string => `"${text.replace(/^[=+\-@]/, "'$&").replaceAll('"', '""')}"`;
  const lines = [
    ['Series', ...shown.map(({ title }) => title)],
    ...rows.map((row) => [nameText(row), ...shown.map(({ read }) => read(row))]),
  ];
  return lines.map((line) => line.map(cell).join(',')).join('\n');
}
