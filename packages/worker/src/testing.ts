/** What the simulation takes apart: a worker on a machine of its own making, and what its lanes are made of. */
export { startWorker, type WorkerHandle } from './control/worker.js';
export type { WorkerMachine } from './control/machine.js';
export { Lease } from './lane/lease.js';
export { Population, type Member, type Timing } from './lane/population.js';
export type { LaneNews, LaneOrder } from './lane-protocol.js';
export { monotonicMs } from './monotonic.js';
