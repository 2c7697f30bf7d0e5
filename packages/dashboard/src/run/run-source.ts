import type { ReadonlySignal } from '@preact/signals';
import type {
  AnnotationView,
  CheckResult,
  ConnectionResult,
  ErrorsView,
  ListedSeries,
  MetricResult,
  RunResult,
  RunView,
  SeriesTimelineQuery,
  SeriesTimelineView,
  StatusView,
  TotalsResult,
} from '@drumline/client';
import type { SeriesReader } from './series-window.js';
import type { Planned, RunTimeline } from './timeline.js';

/** How the page and the master are connected. */
export type Connection = 'connecting' | 'live' | 'lost' | 'ended' | 'refused';

/**
 * A run as the views know it: a live one at a master, or an ended one from its result alone. Views
 * do not know which.
 */
export interface RunSource {
  readonly view: ReadonlySignal<RunView | undefined>;
  readonly status: ReadonlySignal<StatusView | undefined>;
  /** Once the run has ended. */
  readonly result: ReadonlySignal<RunResult | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  readonly problem: ReadonlySignal<Problem | undefined>;
  readonly annotations: ReadonlySignal<readonly AnnotationView[]>;
  readonly timeline: RunTimeline;
  /** Grows with every change of the timeline. */
  readonly tick: ReadonlySignal<number>;
  /** Grows when workers, lanes or notes have changed. */
  readonly changes: ReadonlySignal<number>;
  /** The plan of the seconds for which it is known. */
  readonly planned: ReadonlyMap<number, Planned>;
  /** The highest rate of a second, if points of the timeline stand for more than one. */
  readonly peakRate?: number | undefined;
  readonly reads: RunReads;
}

export interface Problem {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What was read: at once from a result, or later from a master. */
type Now<T> = T | Promise<T>;

/** What views read when they are open. A failure is thrown. */
export interface RunReads {
  totals(): Now<TotalsResult>;
  /** All series that match. @param sort a field, with `-` for a descending order */
  series(filter: string, sort: string): Now<readonly ListedSeries[]>;
  /** Reads parts of the list, for less than the whole costs. Absent without a master. */
  readonly seriesReader?: ((filter: string, sort: string) => SeriesReader) | undefined;
  /** Series over the time of the run. */
  seriesTimelines(query: SeriesTimelineQuery): Now<SeriesTimelineView>;
  /** Whether a series is known over time. Absent if all are. */
  readonly isTimed?: ((id: string) => boolean) | undefined;
  /** Which series are not known over time, and why; absent if all are known. */
  readonly lackingCharts?: string | undefined;
  errors(): Now<ErrorsView>;
  metrics(): Now<Metrics>;
}

/** What was counted beside requests. */
interface Metrics {
  readonly checks: readonly CheckResult[];
  readonly metrics: readonly MetricResult[];
  readonly connections?: readonly ConnectionResult[] | undefined;
}
