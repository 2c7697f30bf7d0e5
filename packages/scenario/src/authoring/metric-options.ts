/** How a value of a metric is counted. */
export interface MetricOptions {
  /** Tags by which values are counted apart, and which thresholds can select. Use few values. */
  readonly tags?: Readonly<Record<string, string>>;
}
