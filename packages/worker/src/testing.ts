/**
 * Parts of a worker for the simulation: a worker on a simulated machine, and the parts of its
 * lanes.
 */
export { startWorker, type WorkerHandle } from './control/worker.js';
export type { WorkerMachine } from './control/machine.js';
export { Lease } from './lane/lease.js';
export { LaneShared } from './lane/shared/lane-shared.js';
export { LeasedRows } from './lane/shared/leased-rows.js';
export { LaneLoad } from './lane/load/lane-load.js';
export type {
  GivenMember,
  Iteration,
  IterationSource,
  Member,
  PartHost,
  Timing,
} from './lane/load/member.js';
export type { LaneNews, LaneOrder } from './lane-protocol.js';
export { monotonicMs } from '@drumline/wire/monotonic';
