export { NumberRanges, sizeOf, type NumberRange } from './rows/number-ranges.js';
export { recallKey, rowsKey, type RowsOp, type RowsReply } from './rows/rows-op.js';
export { RowLeases } from './rows/row-leases.js';
export type { HeldRows, LeasedTable, RowsTally } from './rows/table-leases.js';
export type { ClientId, SharedHandler, SharedHost } from './shared-handler.js';
export { MAX_SHARED_OPS, type SharedAnswer, type SharedBatch, type SharedOp } from './shared-op.js';
export { SharedState, type SharedEntry, type SharedHandlers, type SharedRequest } from './shared-state.js';
