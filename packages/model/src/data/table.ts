import type { LeasedTable } from '../shared/index.js';

/** A hashed file that travels beside the bundle. */
export interface Artifact {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** An artifact with its path on the machine of the master. */
export interface LocalArtifact extends Artifact {
  readonly path: string;
}

/**
 * How the rows of a table are stored. `files`: JSON lines that describe parts of a third file.
 * `times`: the due times of a replayed file, as numbers.
 */
export type TableFormat = 'csv' | 'ndjson' | 'lines' | 'files' | 'times';

/** In which order numbers get rows. `random` draws with replacement. */
export const ROW_ORDERS = ['sequential', 'shuffled', 'random'] as const;
export type RowOrder = (typeof ROW_ORDERS)[number];

/** What happens when no row is left. */
export const WHEN_EMPTY = ['wait', 'repeat', 'stop-user', 'stop-run'] as const;
export type WhenEmpty = (typeof WHEN_EMPTY)[number];

/**
 * How the rows of a table are used. `once`: each row by one user. `borrow`: each row by one user at
 * a time. Rows of other tables are shared by all.
 */
export const ROW_USES = ['once', 'borrow'] as const;
export type RowUse = (typeof ROW_USES)[number];

/** A data source of a scenario, as a run uses it. `A` is how its files are found. */
export interface Table<A extends Artifact = Artifact> {
  /** Path or description, for messages. */
  readonly name: string;
  readonly format: TableFormat;
  readonly rows: number;
  /** Names of the columns of a CSV file, in its order. */
  readonly columns?: readonly string[] | undefined;
  /** Separates the fields of a CSV file. */
  readonly delimiter?: string | undefined;
  /** Seeds shuffled and random orders. */
  readonly seed: number;
  readonly data: A;
  /** Offsets of blocks of rows, see `BlockIndex`. The same as `data` for `times`. */
  readonly index: A;
  /** The contents of the files. Only for the format `files`. */
  readonly contents?: A | undefined;
  readonly use?: RowUse | undefined;
  /** What happens when no row is left. Only with `use`. */
  readonly whenEmpty?: WhenEmpty | undefined;
}

/** The tables of a plan whose rows lanes lease from the master. */
export function leasedTablesOf(tables: readonly Table[] = []): LeasedTable[] {
  return tables.flatMap(({ use, rows, whenEmpty }, table) =>
    use === undefined ? [] : [{ table, rows, use, repeats: use === 'once' && whenEmpty === 'repeat' }],
  );
}

/** A table whose artifacts are found in another way, such as without the paths of a machine. */
export function withArtifacts<A extends Artifact, B extends Artifact>(
  { data, index, contents, ...table }: Table<A>,
  of: (artifact: A) => B,
): Table<B> {
  return { ...table, data: of(data), index: of(index), ...(contents && { contents: of(contents) }) };
}

/** All artifacts of some tables, each once. */
export function artifactsOf<A extends Artifact>(tables: readonly Table<A>[]): A[] {
  const all = tables.flatMap(({ data, index, contents }) => [data, index, ...(contents ? [contents] : [])]);
  return [...new Map(all.map((artifact) => [artifact.id, artifact])).values()];
}
