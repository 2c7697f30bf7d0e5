import { closest, messageOf, type LocalArtifact, type Table } from '@drumline/model';
import type { TableOptions, TableSource } from '../../runtime/tables/declarations.js';
import { RowError, TableFile } from '../../runtime/tables/table-file.js';
import { lineOf } from './line-of.js';
import { lineProblem, TableProblem } from './table-problem.js';

/** Rows whose values are checked before the run. The shape of every row is checked. */
const CHECKED_ROWS = 10_000;

/** @throws TableProblem if a column does not exist, or a value of the first rows is invalid */
export function checkRows(
  table: Table<LocalArtifact>,
  options: TableOptions,
  source: TableSource['kind'],
): void {
  if (table.format === 'csv') checkColumns(table.columns ?? [], options);
  if (table.format === 'lines' || (table.format === 'csv' && options.columns === undefined)) return;
  const file = new TableFile(table, options);
  try {
    for (let row = 0; row < Math.min(table.rows, CHECKED_ROWS); row += 1) {
      try {
        file.read(row);
      } catch (error) {
        const reason = error instanceof RowError ? error.reason : messageOf(error);
        // Other sources are no files of lines, or were converted.
        if (source === 'csv' || source === 'ndjson')
          throw lineProblem(lineOf(table.data.path, file.offsetOf(row)), reason);
        throw new TableProblem(`row ${row + 1}: ${reason}`);
      }
    }
  } finally {
    file.close();
  }
}

function checkColumns(names: readonly string[], { columns, delimiter = ',' }: TableOptions): void {
  for (const [name, read] of Object.entries(columns ?? {})) {
    if (typeof read !== 'function')
      throw new TableProblem(
        `columns.${name} is not a function`,
        'use Number, String, Boolean or a function',
      );
    if (names.includes(name)) continue;
    const meant = closest(name, names);
    const other = [';', '\t', '|'].find(
      (sign) => sign !== delimiter && names.length === 1 && names[0]!.includes(sign),
    );
    throw new TableProblem(
      `has no column '${name}'`,
      other !== undefined
        ? `its fields seem to be separated by '${other === '\t' ? String.raw`\t` : other}': set delimiter`
        : meant === undefined
          ? `columns: ${names.join(', ')}`
          : `did you mean '${meant}'? (columns: ${names.join(', ')})`,
    );
  }
}
