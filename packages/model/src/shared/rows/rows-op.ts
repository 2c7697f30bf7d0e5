import type { NumberRange } from './number-ranges.js';

/**
 * A lane reports what became of its rows of a table, gives some back and asks for more. Rows are
 * numbers from 0, which the order of the table turns into lines of its file.
 */
export interface RowsOp {
  readonly kind: 'rows';
  /** Number of the table among those of the plan. */
  readonly table: number;
  /**
   * How often users of the lane have taken or borrowed a row so far. Rows are taken in the order in
   * which the lane got them.
   */
  readonly used: number;
  /** Rows that the lane no longer has. No user has them. */
  readonly back: readonly NumberRange[];
  /** Rows that it keeps although no user has them. */
  readonly idle: number;
  /** Rows that users wait for. */
  readonly need: number;
  /** Further rows, for users that are expected. */
  readonly want: number;
}

export interface RowsReply {
  /** Rows that the lane has from now on. No other lane has them. */
  readonly ranges: readonly NumberRange[];
  /**
   * Why there are no rows. `later`: other lanes have rows that no user has, and were asked to give
   * them back. `none`: users have or had all of them. The lane is told when that changes.
   */
  readonly lack?: 'later' | 'none' | undefined;
}

/** What lanes are told about: rows of a table may be free. */
export function rowsKey(table: number): string {
  return `rows/${table}`;
}

/** What lanes are told about: other lanes wait for rows of a table. */
export function recallKey(table: number): string {
  return `recall/${table}`;
}
