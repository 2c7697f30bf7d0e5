import type { DataFile } from '../runtime/tables/data-file.js';
import type { FieldReader } from '../runtime/tables/declarations.js';
import type { CsvOptions, DataOptions, DataTable, RowOf, TextOptions } from './tables.js';
import type { BorrowOptions, BorrowTable, OnceOptions, OnceTable } from './leased-rows.js';

type Columns = Readonly<Record<string, FieldReader>>;
type TextColumns = Readonly<Record<string, StringConstructor>>;

/** Rows from code. */
export type MakeRows<T> = () => Iterable<T> | AsyncIterable<T> | Promise<Iterable<T> | AsyncIterable<T>>;

/** The kinds of test data. `use` in the options decides how tasks get rows. */
export interface DataSources {
  /**
   * Rows of a CSV file (RFC 4180). Its first line names the columns.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  csv<C extends Columns = TextColumns>(
    path: string,
    options: CsvOptions<C> & OnceOptions,
  ): OnceTable<RowOf<C>>;
  csv<C extends Columns = TextColumns>(
    path: string,
    options: CsvOptions<C> & BorrowOptions,
  ): BorrowTable<RowOf<C>>;
  csv<C extends Columns = TextColumns>(path: string, options?: CsvOptions<C>): DataTable<RowOf<C>>;
  /**
   * The items of a JSON file that contains an array.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  json<T = unknown>(path: string, options: DataOptions & OnceOptions): OnceTable<T>;
  json<T = unknown>(path: string, options: DataOptions & BorrowOptions): BorrowTable<T>;
  json<T = unknown>(path: string, options?: DataOptions): DataTable<T>;
  /**
   * JSON values of a file, one in each line.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  ndjson<T = unknown>(path: string, options: TextOptions & OnceOptions): OnceTable<T>;
  ndjson<T = unknown>(path: string, options: TextOptions & BorrowOptions): BorrowTable<T>;
  ndjson<T = unknown>(path: string, options?: TextOptions): DataTable<T>;
  /**
   * The lines of a text file, without empty lines.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  lines(path: string, options: TextOptions & OnceOptions): OnceTable<string>;
  lines(path: string, options: TextOptions & BorrowOptions): BorrowTable<string>;
  lines(path: string, options?: TextOptions): DataTable<string>;
  /**
   * The items of a YAML file that contains a list.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  yaml<T = unknown>(path: string, options: DataOptions & OnceOptions): OnceTable<T>;
  yaml<T = unknown>(path: string, options: DataOptions & BorrowOptions): BorrowTable<T>;
  yaml<T = unknown>(path: string, options?: DataOptions): DataTable<T>;
  /**
   * The files that match a pattern, such as `*.{jpg,png}`, in the order of their paths. `**` stands
   * for all directories below. Hidden files are left out.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  files(pattern: string, options: DataOptions & OnceOptions): OnceTable<DataFile>;
  files(pattern: string, options: DataOptions & BorrowOptions): BorrowTable<DataFile>;
  files(pattern: string, options?: DataOptions): DataTable<DataFile>;
  /**
   * Rows from code, such as a query of a database. The function runs once, on the master, before
   * the run. It returns plain data: an array, or an iterable for many rows.
   *
   * @throws Error if it is called after the scenario was loaded
   */
  rows<T>(make: MakeRows<T>, options: DataOptions & OnceOptions): OnceTable<T>;
  rows<T>(make: MakeRows<T>, options: DataOptions & BorrowOptions): BorrowTable<T>;
  rows<T>(make: MakeRows<T>, options?: DataOptions): DataTable<T>;
}
