// Parts of a run in the control API as types without a library.
import type { ErrorResult } from './errors.js';
import type { ExceptionResult, SeriesResult } from './result.js';

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
}

/** A page of the series of a run. */
export interface SeriesPage {
  /** Series on all pages. */
  total: number;
  series: SeriesResult[];
  /** Passed as `after`, it requests the next page; absent on the last one. */
  next?: string;
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
