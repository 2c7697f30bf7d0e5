import type { RowsOp, RowsReply } from './rows/rows-op.js';

/** An operation on shared state. `kind` chooses its handler. */
export type SharedOp = RowsOp;

/** The answer to an operation. */
export type SharedAnswer = RowsReply;

/** The most operations in a request. */
export const MAX_SHARED_OPS = 1_000;

/** A batch of operations of a lane process. */
export interface SharedBatch {
  /** 1, 2, 3 … for each lane process. A batch is sent after the answer to the one before. */
  readonly seq: number;
  readonly ops: readonly SharedOp[];
}
