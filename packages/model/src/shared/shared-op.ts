import {
  valueOpBytes,
  type CounterAnswer,
  type CounterOp,
  type MapAnswer,
  type MapOp,
  type QueueAnswer,
  type QueueOp,
} from './values/value-ops.js';
import type { RowsOp, RowsReply } from './rows/rows-op.js';

/** An operation on shared state. `kind` chooses its handler. */
export type SharedOp = RowsOp | CounterOp | QueueOp | MapOp;

/** The answer to an operation. */
export type SharedAnswer = RowsReply | CounterAnswer | QueueAnswer | MapAnswer;

/** The most operations in a request. */
export const MAX_SHARED_OPS = 1_000;
/** The most bytes of values in a request or in its answer. Half of the longest frame. */
const MAX_BATCH_BYTES = 8_388_608;

/**
 * How many of these operations fit in a request: at least one.
 * @param ops at most MAX_SHARED_OPS
 */
export function batchSize(ops: readonly SharedOp[]): number {
  let bytes = 0;
  for (const [index, op] of ops.entries()) {
    bytes += op.kind === 'rows' ? 0 : valueOpBytes(op);
    if (index > 0 && bytes > MAX_BATCH_BYTES) return index;
  }
  return ops.length;
}

/** A batch of operations of a lane process. */
export interface SharedBatch {
  /** 1, 2, 3 … for each lane process. A batch is sent after the answer to the one before. */
  readonly seq: number;
  readonly ops: readonly SharedOp[];
}
