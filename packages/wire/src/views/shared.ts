/** What a scenario shared by name, at the end of the run. */
export interface SharedResult {
  /** Value of each counter. */
  counters: Record<string, number>;
  /** Number of values left in each queue. */
  queues: Record<string, number>;
  /** Number of values in each map. */
  maps: Record<string, number>;
}
