export { closedIterationNumber } from './iteration-number.js';
export { hash, rowOf } from './row-order.js';
export {
  artifactsOf,
  leasedTablesOf,
  ROW_ORDERS,
  ROW_USES,
  WHEN_EMPTY,
  withArtifacts,
  type Artifact,
  type LocalArtifact,
  type RowOrder,
  type RowUse,
  type Table,
  type TableFormat,
  type WhenEmpty,
} from './table.js';
