/** The embedded run store: one SQLite file for each run, which outlives the master that writes it. */
export { createRunStore, openRunStore, runsDirectory } from './open.js';
export type {
  RunStore,
  StoreChange,
  StoredClock,
  StoredRun,
  StoredState,
  StoredWorker,
} from './run-store.js';
