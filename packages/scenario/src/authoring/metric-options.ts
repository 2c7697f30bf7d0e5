/** How a value of a metric is counted. */
export interface MetricOptions {
  /**
   * Tags by which values are counted apart, and which thresholds can select. Use few values. In a
   * load with phases, values of users have the tag `phase` as well.
   */
  readonly tags?: Readonly<Record<string, string>>;
}
