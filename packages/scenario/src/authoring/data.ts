import type { RowUse } from '@drumline/model';
import {
  declareTable,
  type DeclaredTable,
  type TableOptions,
  type TableSource,
} from '../runtime/tables/declarations.js';
import { openTable } from '../runtime/tables/open-tables.js';
import type { DataSources } from './data-sources.js';
import type { DataTable, RowBinding, RowOptions } from './tables.js';

/** A table of any use. */
class DeclaredData<T> implements DataTable<T> {
  readonly kind = 'table';
  readonly declared: DeclaredTable;
  /** Undefined if users share the rows. */
  readonly use: RowUse | undefined;

  constructor(source: TableSource, options: object = {}) {
    this.declared = declareTable(source, options as TableOptions);
    this.use = this.declared.options.use;
  }

  perUser(options: RowOptions = {}): RowBinding<T> {
    return { kind: 'rows', table: this.declared, by: 'user', whenEmpty: options.whenEmpty, options };
  }

  perIteration(options: RowOptions = {}): RowBinding<T> {
    return { kind: 'rows', table: this.declared, by: 'iteration', whenEmpty: options.whenEmpty, options };
  }

  get length(): number {
    return openTable(this.declared).table.rows;
  }

  at(row: number): T | undefined {
    const file = openTable(this.declared);
    const { rows } = file.table;
    const number = row < 0 ? rows + row : row;
    return number >= 0 && number < rows && Number.isInteger(number) ? (file.read(number) as T) : undefined;
  }
}

/**
 * Test data from files or from code. Paths are relative to the scenario file. Files are checked
 * before the run, sent to each machine once, and read row by row, so that large files cost little
 * memory. Files that are compressed with gzip are decompressed.
 *
 * Call these functions at the top level of the scenario.
 *
 * @example
 * ```ts
 * const accounts = data.csv('./accounts.csv', { columns: { id: Number, name: String } });
 * const shopper = user('shopper', {
 *   data: { account: accounts.perUser() },
 *   tasks: {
 *     order: async ({ http, data }) => {
 *       await http.post('/orders', { json: { who: data.account.id } });
 *     },
 *   },
 * });
 * ```
 */
export const data: DataSources = {
  csv: (path: string, options?: object) => declare({ kind: 'csv', path }, options),
  json: (path: string, options?: object) => declare({ kind: 'json', path }, options),
  ndjson: (path: string, options?: object) => declare({ kind: 'ndjson', path }, options),
  lines: (path: string, options?: object) => declare({ kind: 'lines', path }, options),
  yaml: (path: string, options?: object) => declare({ kind: 'yaml', path }, options),
  files: (path: string, options?: object) => declare({ kind: 'files', path }, options),
  rows: (make: () => unknown, options?: object) => declare({ kind: 'rows', make }, options),
};

/** Declares a table. Its options decide which type the caller sees. */
// oxlint-disable-next-line typescript/no-explicit-any
function declare(source: TableSource, options?: object): any {
  return new DeclaredData(source, options);
}
