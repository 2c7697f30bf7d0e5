export * from './rate-profile.js';
export { RateCurve } from './rate-curve.js';
export * from './workload.js';
export { firstFrom, rateOfTimes, separate, type DueTimes, type OpenDueTimes } from './due-times.js';
export { Starts, startsOf, type Start } from './starts.js';
export { seededRandom } from './random-starts.js';
export { iterationNumber, iterationsOfUser } from './fixed.js';
export * from './live-change.js';
export * from './part-ends.js';
export * from './find-limit.js';
export { limitLoad } from './run-time.js';
export type { ShapeController } from './shape-controller.js';
export { withShortPast } from './short-past.js';
export { findWorkloadProblems, type WorkloadProblem } from './problems.js';
export { stagesAt, type PartStage } from './part-stage.js';
export {
  describeListed,
  describeShape,
  describePart,
  describeStage,
  describeWorkload,
  startsText,
} from './describe.js';
