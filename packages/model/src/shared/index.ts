export { NumberRanges, sizeOf, type NumberRange } from './rows/number-ranges.js';
export { recallKey, rowsKey, type RowsOp, type RowsReply } from './rows/rows-op.js';
export { RowLeases } from './rows/row-leases.js';
export type { HeldRows, LeasedTable, RowsTally } from './rows/table-leases.js';
export type { ClientId, SharedHandler, SharedHost } from './shared-handler.js';
export {
  batchSize,
  MAX_SHARED_OPS,
  type SharedAnswer,
  type SharedBatch,
  type SharedOp,
} from './shared-op.js';
export { SharedState, type SharedEntry, type SharedHandlers, type SharedRequest } from './shared-state.js';
export { NamedValues } from './values/shared-values.js';
export {
  MAX_SHARED_CHARACTERS,
  MAX_SHARED_ENTRIES,
  MAX_SHARED_NAME_LENGTH,
  MAX_SHARED_NAMES,
  MAX_SHARED_VALUE_BYTES,
  queueKey,
  type CounterAnswer,
  type CounterOp,
  type MapAnswer,
  type MapOp,
  type QueueAnswer,
  type QueueOp,
  type SharedRefusal,
} from './values/value-ops.js';
