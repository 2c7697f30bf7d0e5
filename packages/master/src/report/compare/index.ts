export { compareRuns, type ComparisonOptions, type RunToCompare } from './compare.js';
export type {
  ComparedCounts,
  ComparedSeries,
  ComparedStatistic,
  ComparedStatus,
  Comparison,
} from './comparison.js';
export { formatChange, formatValue } from './text.js';
export { adviceOf, JUDGED_COLUMNS, meaningOf, seriesWord, wordOf } from './words.js';
