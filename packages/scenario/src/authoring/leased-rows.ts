import type { DeclaredTable } from '../runtime/tables/declarations.js';

/** Options of test data whose rows are used once, by `take`. */
export interface OnceOptions {
  /** Each row goes to one user in the whole cluster, by `take`. */
  readonly use: 'once';
  /**
   * What `take` does when no row is left: `'stop-user'` stops the user, `'stop-run'` stops the run,
   * `'repeat'` begins again with the first row, `'wait'` waits for rows that come back unused.
   * Default: it stops the user.
   */
  readonly whenEmpty?: 'wait' | 'repeat' | 'stop-user' | 'stop-run';
  /** In which order rows are taken. Default: sequential. */
  readonly order?: 'sequential' | 'shuffled';
}

/** Options of test data whose rows are borrowed, by `borrow`. */
export interface BorrowOptions {
  /** At any time, each row belongs to one user in the whole cluster, by `borrow`. */
  readonly use: 'borrow';
  /**
   * What `borrow` does while users have all rows: `'wait'` waits until one is given back,
   * `'stop-user'` stops the user, `'stop-run'` stops the run. Default: it waits.
   */
  readonly whenEmpty?: 'wait' | 'stop-user' | 'stop-run';
  /** In which order rows are borrowed at first. Default: sequential. */
  readonly order?: 'sequential' | 'shuffled';
}

/** The choices of `whenEmpty`, by use. */
export const LEASE_CHOICES = {
  once: ['wait', 'repeat', 'stop-user', 'stop-run'],
  borrow: ['wait', 'stop-user', 'stop-run'],
} as const;

/** Test data whose rows are used once. `take` of a task's context gives them. */
export interface OnceTable<T> {
  readonly kind: 'table';
  readonly use: 'once';
  /** The declaration, for Drumline itself. */
  readonly declared: DeclaredTable;
  /** Only for types. */
  readonly row?: T;
  /**
   * The number of rows.
   *
   * @throws Error while the scenario is loaded
   */
  readonly length: number;
}

/** Test data whose rows are borrowed. `borrow` of a task's context gives them. */
export interface BorrowTable<T> {
  readonly kind: 'table';
  readonly use: 'borrow';
  /** The declaration, for Drumline itself. */
  readonly declared: DeclaredTable;
  /** Only for types. */
  readonly row?: T;
  /**
   * The number of rows.
   *
   * @throws Error while the scenario is loaded
   */
  readonly length: number;
}
