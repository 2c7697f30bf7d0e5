import type { Millis, RateProfile, RowOrder, RowUse, WhenEmpty } from '@drumline/model';

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

/** A file whose times a load follows. */
export interface DeclaredReplay {
  readonly path: string;
  /** Names of the columns with the time and the user type. */
  readonly time: string | undefined;
  readonly user: string | undefined;
  readonly unit: 's' | 'ms' | undefined;
  readonly speed: number;
  readonly spreadMs: Millis;
  /** What the file contains; undefined until it has been read, and outside the scenario host. */
  found: ReplayedTimes | undefined;
}

/** The times of a replayed file. */
export interface ReplayedTimes {
  /** Since the earliest, sorted, at the wanted speed. */
  readonly times: Float64Array;
  /** The row of each; undefined if they are in the order of the file. */
  readonly numbers: Uint32Array | undefined;
  readonly users: ReplayedUsers | undefined;
  readonly rate: RateProfile;
}

/** The user types that a replayed file names. */
interface ReplayedUsers {
  /** The names, each with the first line that has it. */
  readonly names: readonly string[];
  readonly lines: readonly number[];
  /** The name of each time, as an index. */
  readonly of: Uint16Array;
}

const replays: DeclaredReplay[] = [];

/** The files that loads of the scenario follow. */
export const declaredReplays: readonly DeclaredReplay[] = replays;

/** @throws Error once the scenario has been loaded */
export function declareReplay(about: Omit<DeclaredReplay, 'found'>): DeclaredReplay {
  if (!open) throw new Error('replay must be called at the top level of the scenario.');
  const replay: DeclaredReplay = { ...about, found: undefined };
  replays.push(replay);
  return replay;
}

export function openTables(): void {
  tables.length = 0;
  replays.length = 0;
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
