export * from './rate-profile.js';
export { RateCurve } from './rate-curve.js';
export * from './workload.js';
export { profileOf, stageOfLoad } from './users-part.js';
export { Starts, startsOf, type Start } from './starts.js';
export { seededRandom } from './random-starts.js';
export { iterationNumber, iterationsOfUser } from './fixed.js';
export * from './live-change.js';
export * from './part-ends.js';
