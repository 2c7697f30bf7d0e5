import type {
  OrderReply,
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  RateOrder,
  UsersOrder,
  WorkerView,
} from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import { followRun } from './follow-run.js';
import { HttpApi } from './http-api.js';
import { readEvents } from './read-events.js';

/** Where the control API is, and the right to use it. */
export interface ConnectOptions {
  /** As the master prints it: `http://127.0.0.1:8089`. */
  readonly url: string;
  /** The content of `drumline.api-token`. Required unless the API is on a loopback address. */
  readonly token?: string | undefined;
}

export interface EventOptions {
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What happens if the connection is lost: reconnect (default), or end the iteration. Without
   * reconnecting, only an `end` event shows that the run has ended.
   */
  readonly reconnect?: boolean | undefined;
}

/**
 * A client of a master's control API. It holds no connection. Every method throws an `ApiError` on
 * failure.
 */
export interface MasterClient {
  /** URL of the control API, without a trailing slash. */
  readonly url: string;

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
   * @throws ApiError with `status` 409 while the run has not ended
   */
  result(): Promise<RunResult>;

  /**
   * Starts a run that waits to be started.
   * @throws ApiError with `status` 409, as all orders, if the state of the run does not allow it
   */
  start(): Promise<OrderReply>;
  /** Stops the run gracefully. Returns before it has ended: wait for the event `end`. */
  stop(): Promise<OrderReply>;
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
   * @throws ApiError with `status` 400 if a number is invalid
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
   * @throws ApiError with `status` 400 if a number is invalid
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
   *   attempt fails; `other-run` if the master has started another run meanwhile; the error of
   *   `result()` if the run failed without a result
   */
  events(options?: EventOptions): AsyncGenerator<RunEventView, void, undefined>;
}

/**
 * Creates a client of a master's control API. Nothing is sent until a method is called.
 * @throws TypeError if the URL or the token is malformed
 */
export function connect({ url, token }: ConnectOptions): MasterClient {
  const http = new HttpApi(url, token);
  const order = (name: string) => (): Promise<OrderReply> => http.request('POST', `/v1/${name}`);
  const status = (): Promise<StatusView> => http.request('GET', '/v1/status');
  const result = (): Promise<RunResult> => http.request('GET', '/v1/result');
  return {
    url: http.url,
    status,
    workers: async () => (await http.request<{ workers: WorkerView[] }>('GET', '/v1/workers')).workers,
    stats: () => http.request<StatsView>('GET', '/v1/stats'),
    timeline: (from = 0) => http.request<TimelineView>('GET', `/v1/timeline?from=${from}`),
    result,
    start: order('start'),
    stop: order('stop'),
    pause: order('pause'),
    resume: order('resume'),
    reset: order('reset'),
    setUsers: (users, { spawnRate, user } = {}) =>
      http.request('POST', '/v1/users', {
        users,
        ...(spawnRate === undefined ? {} : { spawnRate }),
        ...(user === undefined ? {} : { user }),
      } satisfies UsersOrder),
    setRate: (perSecond, { overMs, user } = {}) =>
      http.request('POST', '/v1/rate', {
        perSecond,
        ...(overMs === undefined ? {} : { overMs }),
        ...(user === undefined ? {} : { user }),
      } satisfies RateOrder),
    events: ({ signal, reconnect = true } = {}) =>
      reconnect ? followRun({ http, status, result }, signal) : readOnce(http, signal),
  };
}

/** The events of one connection. A broken stream counts as its end. */
async function* readOnce(http: HttpApi, signal?: AbortSignal): AsyncGenerator<RunEventView, void, undefined> {
  try {
    const body = await http.openStream('/v1/events', { signal });
    for await (const { event } of readEvents(body)) yield event;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
  }
}
