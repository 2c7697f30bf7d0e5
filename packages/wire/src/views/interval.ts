import type { StatusView } from './api.js';
import type { ErrorResult } from './errors.js';
import type { ScheduleResult } from './plan.js';
import type { CheckResult, ExceptionResult, MetricResult, SeriesResult, TotalsResult } from './result.js';

/** What was counted in an interval: one second, or up to ten. */
export interface CountedInterval {
  /** Number of its last second: 1 for the first second of the run. */
  number: number;
  /** Whole seconds from the start of the run to the start of the interval. */
  fromSecond: number;
  /** Length in seconds: 1, or up to 10. */
  seconds: number;
  /** Start of the interval on the wall clock, ISO 8601, UTC. */
  at: string;
  totals: TotalsResult;
  series: SeriesResult[];
  errors: ErrorResult[];
  checks: CheckResult[];
  metrics: MetricResult[];
  exceptions: ExceptionResult[];
  /** Arrivals and iterations, by user type and phase. Empty if nothing was due. */
  schedule: ScheduleResult[];
}

/** An interval of a run, merged over all workers. */
export interface RunInterval extends CountedInterval {
  /** Running users, as the workers last reported them. */
  users: number;
  plannedUsers: number;
  /** Starts per second that the load asks for; absent if no part of it has a rate. */
  plannedRate?: number;
  workers: { present: number; missing: number };
  /** The requests of each user type, by its name. */
  byUser: Record<string, TotalsResult>;
  /** The requests of each phase, by its name. Empty if the load has no phases. */
  byPhase: Record<string, TotalsResult>;
  /** How the thresholds stand, in the order of the plan. Empty without thresholds. */
  thresholds: NonNullable<StatusView['thresholds']>;
  /** Workers that were the bottleneck in one of the seconds. */
  untrusted: string[];
  /**
   * What earlier seconds have gained since the hook received them, because a worker reported late.
   * `fromSecond` is the first of them. Absent if that is nothing.
   */
  late?: CountedInterval;
  /**
   * True if the response times of single series are known in windows only, because the master was
   * busy. They are 0 then, in `series`, `byUser` and `byPhase`.
   */
  coarse?: true;
}

/** An interval of one lane. */
export interface LaneInterval extends CountedInterval {
  /** Users that the lane runs. */
  users: number;
}
