/**
 * Parts of a master for the simulation and the benchmarks: a run without its ports, its files and
 * its scenario host.
 */
export { Cluster } from './cluster/cluster.js';
export type { WorkersWanted } from './cluster/assignment.js';
export { Aggregate } from './intervals/aggregate.js';
export { RunControl } from './service/run-control.js';
export { Run } from './run/run.js';
export { CHECKPOINT_TERMS } from './store/intervals.js';
export { RunFile } from './store/run-file.js';
export { isStarted, claimEpoch } from './store/resume.js';
export { storedCountsOf, withProgress } from './store/run-store.js';
export type { RunStore, StoreChange, StoredRun, StoredState, StoredWorker } from './store/index.js';
