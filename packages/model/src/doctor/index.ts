export * from './diagnosis.js';
export * from './judge-machine.js';
export { MANY_LANES_PER_CPU, workerBytes } from './judge-resources.js';
export type { MachineLimits } from './machine-limits.js';
export { needsPerLane, plainLoad, withoutLoad, workerNeeds, type Needs, type WorkerNeeds } from './needs.js';
