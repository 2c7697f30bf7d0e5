// The records of a tap as types without a library. The schemas in ../tap.ts describe the same
// values: the compiler compares them.
import type { RunEventView } from './events.js';
import type { ErrorResult } from './errors.js';
import type { ScheduleResult, StartCounts } from './plan.js';
import type {
  CheckResult,
  ConnectionResult,
  ExceptionResult,
  MetricResult,
  RunResult,
  SeriesResult,
  TotalsResult,
} from './result.js';

/** One record of a tap. */
export type TapRecord = TapSecond | TapDetail | TapEnd;

/** A line of a tap over a Unix socket. */
export type TapLine = TapRecord | TapLost;

/** Records that a reader of a Unix socket has lost, because it was too slow or came late. */
export interface TapLost {
  type: 'lost';
  schema: 'drumline.tap/1';
  /** Id of the run. */
  run: string;
  /** The first of them. */
  fromSeq: number;
  /** The last of them. */
  toSeq: number;
}

/** What each record has. */
interface TapHead {
  schema: 'drumline.tap/1';
  /** 1 for the first record of the run. Without gaps, also if another master resumes the run. */
  seq: number;
  /** Id of the run. */
  run: string;
  scenario: string;
  /** The newest second that the record contains: whole seconds since the start of the run. */
  second: number;
  /** Start of the time that the record covers, ISO 8601, UTC. */
  at: string;
}

/** The state of the run at the end of the record's time. */
interface TapState {
  /** Running users, as the workers last reported them. */
  users: number;
  plannedUsers: number;
  /** Starts per second that the load asks for; absent if no part of it has a rate. */
  plannedRate?: number;
  /** Users that may have run on unreachable workers as well. */
  cutOffUsers: number;
  workers: { present: number; missing: number };
  /** Of the lane that was least idle: the part of the time in which it was not idle. */
  busiestLane: number;
}

/** A second of the run. */
export interface TapSecond extends TapHead, TapState {
  type: 'second';
  /** Over all series, except those that time parts of requests. */
  totals: TapTotals;
  series: TapSeries[];
  /** What the records have counted in all. */
  sum: TapSum;
  /** What earlier seconds have gained since; absent if that is nothing. */
  late?: TapLate;
  /** What has happened since the last record; absent if that is nothing. */
  events?: TapEvent[];
}

/** What was counted of all requests. */
export interface TapTotals extends TotalsResult {
  failedChecks: number;
  /** Thrown by the scenario's own code. */
  exceptions: number;
  /** Arrivals and iterations; absent if none were due. */
  starts?: StartCounts;
}

/** The short figures of a series. */
export interface TapSeries {
  protocol: string;
  method: string;
  name: string;
  /** User type. */
  user: string;
  /** Absent if it has none. */
  tags?: Record<string, string>;
  /** Times parts or groups of requests; not included in the totals. */
  part?: true;
  requests: number;
  failures: number;
  interrupted: number;
  bytesSent: number;
  bytesReceived: number;
  /** Response times in milliseconds; absent if none are known in this second. */
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  maxMs?: number;
}

/** Counts since a second, with all that was late. */
export interface TapSum {
  /** 0, or the second of a reset, or that from which another master resumed the run. */
  fromSecond: number;
  requests: number;
  failures: number;
  interrupted: number;
  bytesSent: number;
  bytesReceived: number;
  failedChecks: number;
  exceptions: number;
  started: number;
  late: number;
  dropped: number;
}

/** What earlier seconds have gained, because a worker reported late. */
export interface TapLate {
  /** The first of the seconds. */
  fromSecond: number;
  /** The number of seconds from the first to the last. */
  seconds: number;
  totals: TapTotals;
  series: TapSeries[];
}

/** Something that happened in the run, as in the events of the control API. */
export type TapEvent = Extract<
  RunEventView,
  { type: 'state' | 'worker' | 'lane' | 'note' | 'annotation' | 'threshold' }
>;

/** Values in milliseconds. The quantile of 0.999 is `p99_9`. */
export interface QuantileLadder {
  p50: number;
  p66: number;
  p75: number;
  p80: number;
  p90: number;
  p95: number;
  p98: number;
  p99: number;
  p99_9: number;
  p99_99: number;
}

/** The totals of ten seconds. */
export interface DetailTotals extends TotalsResult {
  quantilesMs: QuantileLadder;
}

/** A series in ten seconds. */
export interface DetailSeries extends SeriesResult {
  quantilesMs: QuantileLadder;
}

/** Ten seconds of the run with everything that was counted. The last may be shorter. */
export interface TapDetail extends TapHead, TapState, TapCounted {
  type: 'detail';
  /** What earlier seconds have gained since; absent if that is nothing. */
  late?: TapCounted;
}

/** Everything that was counted in seconds in a row. */
export interface TapCounted {
  /** The first of the seconds. */
  fromSecond: number;
  seconds: number;
  /** Over all series, except those that time parts of requests. */
  totals: DetailTotals;
  series: DetailSeries[];
  errors: ErrorResult[];
  checks: CheckResult[];
  metrics: MetricResult[];
  exceptions: ExceptionResult[];
  /** Opened connections by kind. */
  connections: ConnectionResult[];
  /** Arrivals and iterations, by user type and phase. Empty if nothing was due. */
  schedule: ScheduleResult[];
}

/** The last record of a run. */
export interface TapEnd extends TapHead {
  type: 'end';
  /** What seconds have gained after the last record of a second; absent if that is nothing. */
  late?: TapLate;
  /** What seconds have gained after the last record in detail; absent if that is nothing. */
  lateDetail?: TapCounted;
  /** Absent if the run failed without a result. */
  result?: RunResult;
}
