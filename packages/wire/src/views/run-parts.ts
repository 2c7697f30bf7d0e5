// Parts of a run in the control API as types without a library.
import type { ErrorResult } from './errors.js';
import type { CheckResult, ConnectionResult, ExceptionResult, MetricResult, SeriesResult } from './result.js';

/** Which series to list. */
export interface SeriesQuery {
  /** Terms that must all hold, such as `method:POST name:cart p95>300`. */
  filter?: string;
  /** A field, with `-` for a descending order; default `-requests`. */
  sort?: string;
  /** Series on a page; default 100. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
  /** Reads a window of the present order, from this place on; 0 is the first. Not with `after`. */
  offset?: number;
  /**
   * `version` of the last answer to the same query: only rows that the reader lacks are returned.
   * Needs `offset`.
   */
  since?: string;
}

/** A page of the series of a run. */
export interface SeriesPage {
  /** Series on all pages. */
  total: number;
  /** In a window: the rows that have changed since `since`, or were not in the window then. */
  series: ListedSeries[];
  /** Passed as `after`, it requests the next page; absent on the last one. */
  next?: string;
  /** Present if the query has `offset`. */
  window?: SeriesWindow;
}

/** A part of the list of series, as it was at the end of an interval. */
export interface SeriesWindow {
  /** Passed as `since` with the same query, it requests only what has changed. */
  version: string;
  /** Number of the newest closed interval. */
  interval: number;
  /**
   * What the rates refer to: the rate of a row that was not repeated is now `requests / seconds`.
   * Absent once the run has ended.
   */
  seconds?: number;
  /** The ids of the series in the window, in order. */
  ids: string[];
}

/** A series of a list. */
export interface ListedSeries extends SeriesResult {
  /** A short name, the same in all runs. The filter `id:` finds the series. */
  id: string;
}

/** Which series, and which part of their time. Seconds are counted from the start of the run. */
export interface SeriesTimelineQuery {
  /** As in `SeriesQuery`. */
  filter?: string;
  sort?: string;
  /** The most series; default 5. */
  limit?: number;
  /** The first second; default 0. */
  from?: number;
  /** The most points of each series; default 600. */
  points?: number;
}

/** Series over the time of a run. */
export interface SeriesTimelineView {
  /** Series that match. */
  total: number;
  timelines: TimedSeries[];
}

/** A series over the time of a run, up to the last closed second. */
export interface TimedSeries {
  series: ListedSeries;
  /** Earlier seconds are not known. 0 for a run that is stored. */
  knownFrom: number;
  points: SeriesPoint[];
  /** All response times that are known. */
  distribution: LatencyBar[];
}

/**
 * What a series counted in some seconds. Early seconds of a run are in tens. Quantiles are 0
 * without response times.
 */
export interface SeriesPoint {
  /** The first of the seconds, from the start of the run. */
  second: number;
  seconds: number;
  requests: number;
  failures: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

/** Number of response times from `fromMs` to below `toMs`. */
export interface LatencyBar {
  fromMs: number;
  toMs: number;
  count: number;
}

/** Workers over the time of the run. */
export interface WorkerHistoriesView {
  /** Workers that match. */
  total: number;
  workers: WorkerHistoryView[];
}

/** A worker over the time of the run. */
export interface WorkerHistoryView {
  id: string;
  name: string;
  /** Seconds in each point. */
  stepSeconds: number;
  /** In order. Points in which nothing was heard of the worker are missing. */
  points: WorkerPoint[];
  /** The newest changes of states, in order. */
  changes: {
    /** From the start of the run. */
    second: number;
    state: string;
    /** Absent for the worker itself. */
    lane?: number;
  }[];
}

/** The highest figures of a worker in some seconds. */
export interface WorkerPoint {
  second: number;
  cpuPercent: number;
  loopDelayMs: number;
  /** From a heartbeat to its reply. */
  roundTripMs: number;
  /** By lane: the share of time in which its event loop was not idle. */
  lanesBusyPercent: number[];
}

export interface WorkerHistoryQuery {
  /** Name or id of a worker; default: all. */
  worker?: string;
  /** The most workers; default 20. */
  limit?: number;
}

/** What was counted beside requests. */
export interface MetricsView {
  checks: CheckResult[];
  metrics: MetricResult[];
  /** Opened connections by kind. */
  connections: ConnectionResult[];
}

/** What has failed. */
export interface ErrorsView {
  errors: ErrorResult[];
  exceptions: ExceptionResult[];
}

export interface LogQuery {
  /** Only lines after the one with this number. */
  after?: number;
  /** The most lines; default 1,000. */
  limit?: number;
}

/** A line that a run printed, or an event of it as text. */
export interface LogLine {
  /** Ascending, with gaps. Also the `id` of the server-sent event. */
  number: number;
  at: string;
  kind: 'printed' | 'note' | 'state' | 'worker' | 'lane' | 'threshold' | 'annotation';
  text: string;
}

/** The newest lines, in order. */
export interface LogsView {
  lines: LogLine[];
}
