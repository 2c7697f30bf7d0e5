/** For tests of outputs: generated seconds of a run, and a suite that each output passes. */
export { intervalsOf, type GeneratedOptions, type GeneratedRun } from './testing/intervals.js';
export { feed } from './testing/feed.js';
export { outputContract, type OutputUnderTest } from './testing/contract.js';
