import type {
  OrderReply,
  RateOrder,
  RunEventView,
  RunResult,
  RunView,
  StatsView,
  StatusView,
  TimelineView,
  UsersOrder,
  WorkerView,
} from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import { followRun } from './follow-run.js';
import type { HttpApi } from './http-api.js';
import { readEvents } from './read-events.js';
import { runPath } from './run-path.js';

export interface EventOptions {
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What happens if the connection is lost: reconnect (default), or end the iteration. Without
   * reconnecting, only an `end` event shows that the run has ended.
   */
  readonly reconnect?: boolean | undefined;
  /**
   * Number of the last interval that is known: the intervals after it are repeated first, as far as
   * the master has them. 0 begins with the first second of the run. Default: only new events.
   */
  readonly after?: number | undefined;
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
  /** The statistics so far. */
  stats(): Promise<StatsView>;
  /**
   * One point for each second.
   * @param from first second to return, counted from the start of the run; default 0
   */
  timeline(from?: number): Promise<TimelineView>;
  /**
   * The result of the run.
   * @throws ApiError `run-unfinished` while the run has not ended
   */
  result(): Promise<RunResult>;

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
   * event. Seconds between two connections are repeated, and so are the corrections of earlier
   * ones. Other events are not: `status()` has all notes. If the run has ended meanwhile, its `end`
   * event is made from the result.
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
    stats: () => get('stats'),
    timeline: (from = 0) => get(`timeline?from=${from}`),
    result: () => get('result'),
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
  { signal, after }: EventOptions,
): AsyncGenerator<RunEventView, void, undefined> {
  try {
    const body = await http.openStream(path, {
      signal,
      ...(after !== undefined && { headers: { 'last-event-id': String(after) } }),
    });
    for await (const { event } of readEvents(body, undefined, signal)) yield event;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
  }
}
