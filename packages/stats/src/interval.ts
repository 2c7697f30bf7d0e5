import type { IntervalDelta } from './delta.js';

/** What a run did in a second, beside what was counted. */
export interface IntervalState {
  /** Running users, as the workers last reported them. */
  readonly users: number;
  readonly plannedUsers: number;
  /** Starts per second that the load asks for; absent if no part of it has a rate. */
  readonly plannedRate?: number;
  /** Users that may have run on unreachable workers as well. */
  readonly cutOffUsers: number;
  readonly workers: { readonly present: number; readonly missing: number };
  /**
   * Of the lane that was least idle: the part of the time in which its event loop was not idle, as
   * last reported. 0 without lanes.
   */
  readonly busiestLane: number;
}

/** A second of the run, merged over all workers. */
export interface IntervalClosed {
  readonly type: 'closed';
  /** 1 for the first second of the run. Every second is closed once, in order, without a gap. */
  readonly number: number;
  /** Whole seconds since the start of the run: `number` - 1. */
  readonly second: number;
  /**
   * What was counted in it. The lists are empty if nothing was. The response times of its series
   * may follow in `windows` of a later second, see `QuantilePace`.
   */
  readonly counts: IntervalDelta;
  readonly state: IntervalState;
  /**
   * The newest closed second that is complete: every worker that takes part has reported it. Older
   * than `second` while reports are late. -1 if there is none.
   */
  readonly completeThrough: number;
}

/** What a closed second has gained since, from reports or marks that arrived late. */
export interface IntervalCorrected {
  readonly type: 'corrected';
  /** Of the interval that is corrected. */
  readonly number: number;
  readonly second: number;
  readonly counts: IntervalDelta;
  /** Whether a worker is now known to have been the bottleneck in it. */
  readonly isMarked?: true;
}

/** The statistics were reset: the counts of earlier events are discarded. */
export interface IntervalsReset {
  readonly type: 'reset';
  /** The second in which counting begins again. */
  readonly fromSecond: number;
}

/**
 * The counts of all events since the start or the last reset add up to the report, to the request.
 */
export type IntervalEvent = IntervalClosed | IntervalCorrected | IntervalsReset;

/** An event with its place among all of the run. */
export interface PlacedEvent {
  readonly event: IntervalEvent;
  /** 1 for the first event of the run, then ascending, also if another master resumes the run. */
  readonly position: number;
}
