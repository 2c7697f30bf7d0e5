/** Test data whose rows are used once or borrowed. */
export interface RowsResult {
  /** Path or description of the test data. */
  table: string;
  use: 'once' | 'borrow';
  /** Rows of the table. */
  rows: number;
  /** Rows that lanes had and did not give back unused; those still borrowed if `use` is borrow. */
  issued: number;
  /** Rows that users took for sure; how often rows were borrowed if `use` is borrow. */
  used: number;
  /** Rows of lanes that ended without a report on them: each was used by one user, or by none. */
  lost: { worker: string; lane: number; rows: number }[];
}
