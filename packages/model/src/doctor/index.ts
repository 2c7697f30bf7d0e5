export * from './diagnosis.js';
export * from './judge-machine.js';
export { judgeClock, judgeWorkerPort, narrowOffset, type WorkerPortKind } from './judge-master.js';
export { judgeProxies } from './judge-proxies.js';
export { MANY_LANES_PER_CPU, workerBytes } from './judge-resources.js';
export { judgePlace, judgeTarget } from './judge-target.js';
export type { MachineLimits } from './machine-limits.js';
export {
  needsPerLane,
  plainLoad,
  withoutLoad,
  workerNeeds,
  type Needs,
  type PlainLoad,
  type WorkerNeeds,
} from './needs.js';
export * from './reached.js';
export type * from './target-facts.js';
