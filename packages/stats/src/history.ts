import type { IntervalDelta } from './delta.js';
import type { SecondSum } from './second-sum.js';

/** A stored second. Early seconds of a long run have only the sum over all series. */
export interface HistorySecond {
  readonly second: number;
  readonly sum: SecondSum;
  /** The counts by series; absent if only `RunHistory.tiers` has them. */
  readonly delta?: IntervalDelta;
}

/** The counts of a run over its time. */
export interface RunHistory {
  /** Ascending, without seconds in which nothing was counted. */
  seconds(): Iterable<HistorySecond>;
  /** Length of the intervals of `tiers`; undefined if every second has its counts by series. */
  readonly tierSeconds: number | undefined;
  /**
   * The counts by series in intervals, each in a delta of its first second. Seconds after the last
   * of them have a delta.
   */
  tiers(): Iterable<IntervalDelta>;
}
