/** Comparison of two runs: is a difference more than noise? */
export { estimate, MIN_UNITS, type Estimate } from './estimate.js';
export { seededRandom } from './random.js';
export { Sample, type Resampled, type Statistic, type UnitCounts } from './sample.js';
export { judgeChange, type ChangeVerdict, type JudgedChange, type Margins } from './verdict.js';
export { warmUpLength } from './warm-up.js';
export { SummarySample } from './summary-sample.js';
