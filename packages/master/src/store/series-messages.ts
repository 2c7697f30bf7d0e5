import type { LatencyBar, SeriesStep, StepRange } from '@drumline/stats';

/** Which series of a run file to read. */
export interface SeriesOrder {
  readonly path: string;
  /** Whether its run has ended. What was read before is not used then. */
  readonly isFinal: boolean;
  /** See `seriesId`. */
  readonly ids: readonly string[];
  /** Seconds from this one on may have changed since the last order of this file. */
  readonly changedFrom: number;
  readonly range: StepRange;
}

/** A series over the time of a run. */
export interface ReadSeries {
  readonly id: string;
  /** Earlier seconds are not known. */
  readonly knownFrom: number;
  readonly steps: readonly SeriesStep[];
  readonly distribution: readonly LatencyBar[];
}

/** A message to the thread that reads series. */
export interface NumberedOrder extends SeriesOrder {
  readonly number: number;
}

/** Its answer: what was read, or why it could not be read. */
export interface SeriesAnswer {
  readonly number: number;
  readonly series?: readonly ReadSeries[];
  readonly problem?: string;
}
