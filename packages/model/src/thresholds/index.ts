export { describeMargin, describeSubject, formatThresholdValue, thresholdName } from './describe.js';
export type { CheckExpression, MetricExpression, RequestExpression } from './expressions.js';
export { MAX_WINDOW_SECONDS, parseCondition, requireCounted, ThresholdProblem } from './parse.js';
export type { SubjectKind } from './statistics.js';
export { isLowerBound, marginOf, meets, operatorOf, quantileOf } from './threshold.js';
export type {
  Condition,
  NamedSelector,
  RequestSelector,
  Statistic,
  Threshold,
  ThresholdOperator,
  ThresholdSubject,
  ThresholdUnit,
} from './threshold.js';
export { parseAbortCondition, parseWrittenThreshold } from './written.js';
