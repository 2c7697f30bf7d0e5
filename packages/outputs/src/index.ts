/** Outputs: they write the intervals of a run to other systems, on a thread of their own. */
export * from './output.js';
export { METRICS, type Metric, type MetricName, type MetricType } from './prometheus/metrics.js';
