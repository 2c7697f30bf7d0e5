export { startWorker, type WorkerHandle } from './control/worker.js';
export type { WorkerOptions } from './options.js';
export type { SampleOrder } from './lane-protocol.js';
