/** Reports of a run, from its result or from its file. */
export { renderCsv } from './csv.js';
export {
  renderTermination,
  terminationBy,
  terminationOf,
  TERMINATION_BYTES,
  type Termination,
} from './termination.js';
export { pastResult } from './past-result.js';
export { readFromFile, readFromHistory, reportedSeries, type ReadTimedSeries } from './timed-series.js';
export * from './compare/index.js';
export { renderJunit } from './ci/junit.js';
export { renderSummaryMarkdown } from './ci/summary-md.js';
