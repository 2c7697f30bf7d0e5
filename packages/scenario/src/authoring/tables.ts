import type { RowOrder } from '@drumline/model';
import type { DeclaredTable, FieldReader } from '../runtime/tables/declarations.js';

/** Options of every kind of test data. */
export interface DataOptions {
  /**
   * In which order numbers get rows: `'sequential'`, `'shuffled'` (each row once in each pass) or
   * `'random'` (drawn with replacement). Default: sequential.
   */
  readonly order?: RowOrder;
  /** Seed of shuffled and random orders. Default: the seed of the run, which the result shows. */
  readonly seed?: number;
}

/** Options of text files. */
export interface TextOptions extends DataOptions {
  /**
   * Encoding of the file: `'utf8'`, `'utf16le'` or `'latin1'`. Default: UTF-8, or as its byte order
   * mark says.
   */
  readonly encoding?: 'utf8' | 'utf16le' | 'latin1';
}

/** Options of `data.csv`. */
export interface CsvOptions<C extends Readonly<Record<string, FieldReader>>> extends TextOptions {
  /**
   * The columns to read, each with a function that converts its text: `Number`, `String`, `Boolean`
   * or one of your own. Default: all columns, as text.
   */
  readonly columns?: C;
  /** Separates fields. Default: `,`. */
  readonly delimiter?: string;
  /** Names of the columns, if the first line of the file is a row already. */
  readonly header?: readonly string[];
}

/** The row type for columns of `data.csv`. */
export type RowOf<C extends Readonly<Record<string, FieldReader>>> = {
  readonly [K in keyof C]: ReturnType<C[K]>;
};

/** Options of `perUser` and `perIteration`. */
export interface RowOptions {
  /**
   * What happens if there are more users or iterations than rows: `'repeat'` begins again with the
   * first row, `'stop-user'` stops the user, `'stop-run'` stops the run. Default: `perUser` stops
   * the user, `perIteration` repeats.
   */
  readonly whenEmpty?: 'repeat' | 'stop-user' | 'stop-run';
}

/** The choices of `whenEmpty`. */
export const EMPTY_CHOICES = ['repeat', 'stop-user', 'stop-run'] as const;

/** How users get rows: a value of `data` in `user()`. */
export interface RowBinding<T> {
  readonly kind: 'rows';
  readonly table: DeclaredTable;
  readonly by: 'user' | 'iteration';
  readonly whenEmpty: RowOptions['whenEmpty'];
  /** The options that were passed, for validation. */
  readonly options: RowOptions;
  /** Only for types. */
  readonly row?: T;
}

/** How the users of a type get rows, by name. */
// oxlint-disable-next-line typescript/no-explicit-any
export type DataBindings = Readonly<Record<string, RowBinding<any>>>;

/** The rows of a user, by name. */
export type RowsOf<D> = {
  readonly [K in keyof D]: D[K] extends RowBinding<infer T> ? T : never;
};

/**
 * The rows of tasks inside `task`, `inOrder` and `anyOf`, if `data` is declared beside `tasks`. The
 * compiler does not know them there. It does if `data` is in the second argument of `user`:
 * `user('shopper', { data: { account: accounts.perUser() } }, { tasks: inOrder({ … }) })`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- its name is shown in errors
export interface RowsUnknownHere {}

/** Test data: rows that are read before the run, and that every worker has. */
export interface DataTable<T> {
  readonly kind: 'table';
  /** The declaration, for Drumline itself. */
  readonly declared: DeclaredTable;
  /**
   * Gives each user its own row, for as long as it runs. Two users that run at the same time never
   * share a row, unless `whenEmpty` is `'repeat'`.
   */
  perUser(options?: RowOptions): RowBinding<T>;
  /** Gives each iteration the next row, by its number over all workers. */
  perIteration(options?: RowOptions): RowBinding<T>;
  /**
   * The number of rows.
   *
   * @throws Error while the scenario is loaded
   */
  readonly length: number;
  /**
   * A row by its number, from 0. `undefined` if there is none. Negative numbers count from the end.
   *
   * @throws Error while the scenario is loaded, or if a field of the row cannot be converted
   */
  at(row: number): T | undefined;
}
