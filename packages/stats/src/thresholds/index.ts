export type { Judgment, ThresholdState } from './judged.js';
export { observedIn } from './observe.js';
export { SelectedCounts } from './selected-counts.js';
export { Selector } from './selector.js';
export { ThresholdJudge, type StoredThreshold } from './threshold-judge.js';
