/** What the simulation takes apart: a run without its ports, its files and its scenario host. */
export { Control } from './run/control.js';
export { Run } from './run/run.js';
export { isStarted, ours } from './store/resume.js';
export type { RunStore, StoreChange, StoredRun, StoredState, StoredWorker } from './store/index.js';
