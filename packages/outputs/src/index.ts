/** Outputs: they write the intervals of a run to other systems, on a thread of their own. */
export { listOutputs, type ListedOutput } from './built-in.js';
export { OutputsClient } from './client.js';
export { OptionReader } from './option-reader.js';
export * from './output.js';
export { METRICS, type Metric, type MetricName, type MetricType } from './prometheus/metrics.js';
export { readOutputs, type WrittenOutput } from './requests.js';
export { OutputProblem, shownSpec, shownUrl } from './spec.js';
export {
  isArchiveUrl,
  openArchive,
  type ArchivedRun,
  type ArchiveModule,
  type ArchiveQuery,
  type RunArchive,
} from './archive.js';
export { jsonOf, type EncodedRecord } from './taps/records/encoded-record.js';
export { TapOutput, type TapRun, type TapSink } from './taps/tap-output.js';
