import type { RowOrder, RowUse, WhenEmpty } from '@drumline/model';

/** Where the rows of a table come from. */
export type TableSource =
  | { readonly kind: 'csv' | 'json' | 'ndjson' | 'lines' | 'yaml' | 'files'; readonly path: string }
  | { readonly kind: 'rows'; readonly make: () => unknown };

/** Converts the text of a field. */
export type FieldReader = (text: string) => unknown;

/** Options of all kinds of tables, as the scenario passes them. They are not validated yet. */
export interface TableOptions {
  readonly use?: RowUse;
  readonly whenEmpty?: WhenEmpty;
  readonly order?: RowOrder;
  readonly seed?: number;
  readonly columns?: Readonly<Record<string, FieldReader>>;
  readonly delimiter?: string;
  readonly header?: readonly string[];
  readonly encoding?: string;
}

/** A table that the scenario declares. */
export interface DeclaredTable {
  /** Its number among the tables of the scenario, the same in every process. */
  readonly ordinal: number;
  readonly source: TableSource;
  readonly options: TableOptions;
}

const tables: DeclaredTable[] = [];
let open = false;

/** The tables that the scenario declares, in order. */
export const declaredTables: readonly DeclaredTable[] = tables;

export function openTables(): void {
  tables.length = 0;
  open = true;
}

export function closeTables(): void {
  open = false;
}

/** @throws Error once the scenario has been loaded */
export function declareTable(source: TableSource, options: TableOptions): DeclaredTable {
  if (!open) {
    throw new Error(
      `data.${source.kind} must be called at the top level of the scenario, because files are read before the run.`,
    );
  }
  const table = { ordinal: tables.length, source, options };
  tables.push(table);
  return table;
}
