/** The embedded run store: one SQLite file per run, which outlives the master that writes it. */
export {
  deleteRun,
  listRuns,
  pruneRuns,
  type Pruning,
  type RunSummary,
  type UnreadableRun,
} from './catalogue.js';
export { findRun } from './find.js';
export { findBaseline, hasLabels, readLabels, type ComparedWith } from './find-baseline.js';
export { createRunStore, openRunStore, readRun, runsDirectory } from './open.js';
export type {
  RunStore,
  StoreChange,
  StoredClock,
  StoredRun,
  StoredState,
  StoredWorker,
} from './run-store.js';
