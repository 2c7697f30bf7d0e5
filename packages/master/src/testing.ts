/**
 * Parts of a master for the simulation and the benchmarks: a run without its ports, its files and
 * its scenario host.
 */
export { Aggregate } from './run/aggregate.js';
export { Control } from './run/control.js';
export { Run } from './run/run.js';
export { RunFile } from './store/run-file.js';
export { isStarted, claimEpoch } from './store/resume.js';
export type { RunStore, StoreChange, StoredRun, StoredState, StoredWorker } from './store/index.js';
