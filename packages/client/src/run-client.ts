import type {
  AnnotationOrder,
  AnnotationView,
  ErrorsView,
  LogLine,
  LogQuery,
  MetricsView,
  OrderReply,
  RateOrder,
  RunEventView,
  RunResult,
  RunView,
  SeriesPage,
  SeriesQuery,
  SeriesTimelineQuery,
  SeriesTimelineView,
  StatsView,
  StatusView,
  TimelineQuery,
  TimelineView,
  TotalsResult,
  UsersOrder,
  WorkerHistoriesView,
  WorkerHistoryQuery,
  WorkerView,
} from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import { followRun } from './follow-run.js';
import type { HttpApi } from './http-api.js';
import { readEvents, withId } from './read-events.js';
import { runPath, withQuery } from './run-path.js';

/** Formats of a report. The CSV tables are those of the option `--csv`; `xml` is JUnit. */
export type ReportFormat =
  'json' | 'html' | 'csv' | 'history.csv' | 'failures.csv' | 'exceptions.csv' | 'xml' | 'md';

export interface EventOptions {
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What happens if the connection is lost: reconnect (default), or end the iteration. Without
   * reconnecting, only an `end` event shows that the run has ended.
   */
  readonly reconnect?: boolean | undefined;
  /** How long a lost connection is retried. Default: a minute. */
  readonly retryForMs?: number | undefined;
  /**
   * The `eventId` of the last event that is known: what happened after it is repeated first. Or the
   * number of the last interval that is known: only the intervals after it are repeated. 0 begins
   * with the first second of the run. Default: only new events.
   */
  readonly after?: number | string | undefined;
}

/** A run file that is being downloaded. */
export interface RunFile {
  /** Its name in the data directory of the master, such as `20261122T070316Z-shop-3f2a9c01.db`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** An SQLite database. Fails if the connection is lost before its end. */
  readonly stream: ReadableStream<Uint8Array>;
}

/**
 * A client of one run. Every method throws an `ApiError` on failure: `run-unknown` if there is no
 * such run, `run-ambiguous` if several runs match.
 */
export interface RunClient {
  /** URL of the control API, without a trailing slash. */
  readonly url: string;
  /** As it was passed to `run`. */
  readonly id: string;

  /** The run, as in the list of runs. */
  view(): Promise<RunView>;
  /** The state of the run. */
  status(): Promise<StatusView>;
  /** The workers and their lanes. */
  workers(): Promise<WorkerView[]>;
  /**
   * The workers over the time of the run: CPU, delay of the event loop, round trip of heartbeats,
   * lanes, and changes of states.
   */
  workerHistories(query?: WorkerHistoryQuery): Promise<WorkerHistoriesView>;
  /** The statistics so far. */
  stats(): Promise<StatsView>;
  /**
   * The series, in pages. The first page fixes their order, so that each is on one page. With
   * `offset`, a window of the present order: with `since`, only the rows that have changed.
   * @throws ApiError `argument-invalid` if the filter or the order is invalid
   */
  series(query?: SeriesQuery): Promise<SeriesPage>;
  /**
   * Series over the time of the run: counts and quantiles, and all response times as bars.
   * @throws ApiError `argument-invalid` if the filter or the order is invalid
   */
  seriesTimeline(query?: SeriesTimelineQuery): Promise<SeriesTimelineView>;
  /** The timeline: a point for each second, or as many points as the query allows. */
  timeline(query?: TimelineQuery): Promise<TimelineView>;
  /** The statistics so far, of all series together. Much cheaper than `stats`. */
  totals(): Promise<TotalsResult>;
  /** Checks, metrics of the scenario, and opened connections. Much cheaper than `stats`. */
  metrics(): Promise<MetricsView>;
  /** Errors of requests, and exceptions of the scenario. */
  errors(): Promise<ErrorsView>;
  /** What the run printed and noted, the newest lines. */
  logs(query?: LogQuery): Promise<LogLine[]>;
  /**
   * Follows what the run prints and notes. Ends with the connection.
   * @param after number of the last line that is known
   */
  followLogs(options?: {
    readonly after?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): AsyncGenerator<LogLine, void, undefined>;
  /** The remarks at instants of the run. */
  annotations(): Promise<AnnotationView[]>;
  /** Adds a remark. @param at ISO 8601; default now */
  annotate(text: string, at?: string): Promise<AnnotationView>;
  /**
   * The result of the run.
   * @throws ApiError `run-unfinished` while the run has not ended
   */
  result(): Promise<RunResult>;
  /**
   * The report of a run that has ended, as a text.
   * @throws ApiError `run-unfinished` while the run has not ended
   */
  report(format: ReportFormat): Promise<string>;
  /**
   * Opens the run file of a run that has ended. It needs a token for administration. Read or cancel
   * the stream.
   * @throws ApiError `run-unfinished` while the run has not ended; `run-file-missing`
   */
  runFile(options?: { readonly signal?: AbortSignal | undefined }): Promise<RunFile>;

  /**
   * Starts a run that waits to be started.
   * @throws ApiError `request-invalid`, as all orders, if the state of the run does not allow it
   */
  start(): Promise<OrderReply>;
  /** Stops the run gracefully. Returns before it has ended: wait for the event `end`. */
  stop(): Promise<OrderReply>;
  /** Ends the run at once. What workers have not reported by then is not counted. */
  cancel(): Promise<OrderReply>;
  /** Pauses the run: users finish their task, then wait. */
  pause(): Promise<OrderReply>;
  /** Resumes a paused run. */
  resume(): Promise<OrderReply>;
  /** Discards the statistics so far. */
  reset(): Promise<OrderReply>;
  /**
   * Changes the number of users.
   * @param spawnRate users started or stopped per second; default: all at once
   * @param user the user type whose users change; needed if several have a load of their own
   * @throws ApiError `argument-invalid` if a number is invalid
   */
  setUsers(
    users: number,
    options?: { readonly spawnRate?: number | undefined; readonly user?: string | undefined },
  ): Promise<OrderReply>;

  /**
   * Changes the rate of arrivals or iterations. The change begins about a second later, so that
   * all lanes begin it together.
   * @param overMs how long the change takes; default: a jump
   * @param user the user type whose rate changes; needed if several have a load of their own
   * @throws ApiError `argument-invalid` if a number is invalid
   */
  setRate(
    perSecond: number,
    options?: { readonly overMs?: number | undefined; readonly user?: string | undefined },
  ): Promise<OrderReply>;

  /**
   * The events of the run: first its current state, last the event `end`.
   *
   * A lost connection is opened again, for up to a minute. A connection counts as lost if nothing
   * arrives for 30 s: the master sends something every 10 s. Each connection begins with a `state`
   * event. What happened between two connections is repeated, also by another master that has
   * resumed the run, and so are the corrections of earlier seconds.
   *
   * A `correction` has the new point of a second that late reports have changed, such as those of a
   * worker that was cut off. It may be repeated.
   *
   * @throws ApiError `unreachable` after a minute without connection, and at once if the first
   *   attempt fails; `run-unknown` if the master does not have the run any more; the error of
   *   `result()` if the run failed without a result
   */
  events(options?: EventOptions): AsyncGenerator<RunEventView, void, undefined>;
}

/** A client of the run that a request names. */
export function clientOfRun(http: HttpApi, id: string): RunClient {
  const base = runPath(id);
  const get = <T>(name: string): Promise<T> => http.request('GET', `${base}/${name}`);
  const order = (name: string, body?: object): Promise<OrderReply> =>
    http.request('POST', `${base}/${name}`, body);
  const view = (): Promise<RunView> => http.request('GET', base);
  return {
    url: http.url,
    id,
    view,
    status: () => get('status'),
    workers: async () => (await get<{ workers: WorkerView[] }>('workers')).workers,
    workerHistories: (query = {}) => get(withQuery('workers/history', query)),
    stats: () => get('stats'),
    totals: () => get('totals'),
    series: (query = {}) => get(withQuery('series', query)),
    seriesTimeline: (query = {}) => get(withQuery('series/timeline', query)),
    timeline: (query = {}) => get(withQuery('timeline', query)),
    metrics: () => get('metrics'),
    errors: () => get('errors'),
    logs: async (query = {}) => (await get<{ lines: LogLine[] }>(withQuery('logs', query))).lines,
    followLogs: ({ after, signal } = {}) =>
      readLines(http, `${base}/${withQuery('logs', { follow: true, after })}`, signal),
    annotations: async () => (await get<{ annotations: AnnotationView[] }>('annotations')).annotations,
    annotate: (text, at) =>
      http.request('POST', `${base}/annotations`, {
        text,
        ...(at !== undefined && { at }),
      } satisfies AnnotationOrder),
    result: () => get('result'),
    report: (format) => http.text(`${base}/report.${format}`),
    runFile: async ({ signal } = {}) => {
      const { body, headers } = await http.openFile(`${base}/run-file`, { signal });
      const name = /filename="([\w.-]+)"/.exec(headers.get('content-disposition') ?? '')?.[1];
      const sizeBytes = Number(headers.get('content-length'));
      return { name: name ?? `${id}.db`, sizeBytes, stream: body };
    },
    start: () => order('start'),
    stop: () => order('stop'),
    cancel: () => order('cancel'),
    pause: () => order('pause'),
    resume: () => order('resume'),
    reset: () => order('reset'),
    setUsers: (users, { spawnRate, user } = {}) =>
      order('users', {
        users,
        ...(spawnRate !== undefined && { spawnRate }),
        ...(user !== undefined && { user }),
      } satisfies UsersOrder),
    setRate: (perSecond, { overMs, user } = {}) =>
      order('rate', {
        perSecond,
        ...(overMs !== undefined && { overMs }),
        ...(user !== undefined && { user }),
      } satisfies RateOrder),
    events: ({ reconnect = true, ...options } = {}) =>
      reconnect ? followRun({ http, id }, options) : readOnce(http, `${base}/events`, options),
  };
}

/** The events of one connection. A broken stream counts as its end. */
async function* readOnce(
  http: HttpApi,
  path: string,
  { signal, after }: Omit<EventOptions, 'reconnect' | 'retryForMs'>,
): AsyncGenerator<RunEventView, void, undefined> {
  try {
    const body = await http.openStream(path, {
      signal,
      ...(after !== undefined && { headers: { 'last-event-id': String(after) } }),
    });
    for await (const received of readEvents(body, undefined, signal)) yield withId(received);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
  }
}

/** The lines of one connection. A broken stream counts as its end. */
async function* readLines(
  http: HttpApi,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<LogLine, void, undefined> {
  try {
    const body = await http.openStream(path, { signal });
    for await (const { event } of readEvents<LogLine>(body, undefined, signal)) yield event;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
  }
}
