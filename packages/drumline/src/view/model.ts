import type {
  ErrorResult,
  SeriesResult,
  StatusView,
  TimelinePoint,
  TotalsResult,
  WorkerView,
} from '@drumline/wire';

/** What a running load test looks like at one instant; made from the master's API. */
export interface LiveModel {
  readonly status: StatusView;
  /** The last whole second. */
  readonly current: TimelinePoint;
  readonly totals: TotalsResult;
  readonly series: SeriesResult[];
  readonly errors: ErrorResult[];
  readonly workers: readonly WorkerView[];
  /** Requests in each second, the newest last. */
  readonly rates: readonly number[];
}
