export { closedIterationNumber } from './iteration-number.js';
export { hash, rowOf } from './row-order.js';
export {
  artifactsOf,
  ROW_ORDERS,
  WHEN_EMPTY,
  type Artifact,
  type LocalArtifact,
  type RowOrder,
  type Table,
  type TableFormat,
  type WhenEmpty,
} from './table.js';
