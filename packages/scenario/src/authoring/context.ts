import type { HttpClient, WsClient } from '@drumline/drivers';
import type { Duration } from '@drumline/model';
import type { RowsOf } from './tables.js';
import type { BorrowTable, OnceTable } from './leased-rows.js';

/** Names the row of the report in which a custom request is counted. */
export interface RequestName {
  /** The protocol, such as `mqtt` or `redis`. Any text except `step`, which is reserved. */
  readonly protocol: string;
  /** The operation within the protocol, such as `PUBLISH`. Default: none. */
  readonly method?: string;
  /** The name of the request. Use few distinct names: each one is a row of the report. */
  readonly name: string;
  /** Tags of the request, added to those of the scenario and of the user type. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A request that the scenario's own code has made and timed. */
export interface CustomSample extends RequestName {
  /** Response time in milliseconds, at least 0. Fractions are kept, to the microsecond. */
  readonly durationMs: number;
  /** Why the request failed. Default: it passed. */
  readonly failure?: string;
  /** Bytes sent. A whole number of at least 0. Default 0. */
  readonly bytesSent?: number;
  /** Bytes received. A whole number of at least 0. Default 0. */
  readonly bytesReceived?: number;
}

/** How the conditions of a check are counted. */
export interface CheckOptions {
  /**
   * Tags by which the conditions are counted apart, and which thresholds can select. Use few
   * values. In a load with phases, the tag `phase` is set as well.
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The argument of `setup` and `teardown`, and the base of what tasks receive. */
export interface BaseContext {
  /** HTTP client with the connections and cookies of this user. */
  readonly http: HttpClient;
  /**
   * WebSocket client with the headers and cookies of `http`. Open WebSockets are closed when the
   * user ends.
   */
  readonly ws: WsClient;
  /**
   * Counts each named condition as passed or failed. A condition that throws counts as failed and
   * as an exception.
   *
   * @example
   * ```ts
   * check(page, { 'status is 200': (r) => r.status === 200 });
   * check(page, { 'status is 200': (r) => r.status === 200 }, { tags: { tier: 'gold' } });
   * ```
   * @returns whether all conditions passed
   * @throws TypeError if a condition is async or is not a function
   */
  readonly check: <T>(
    value: T,
    conditions: Readonly<Record<string, (value: T) => boolean>>,
    options?: CheckOptions,
  ) => boolean;
  /**
   * Times `work` and counts it as one request: passed if it resolves, failed if it throws.
   * Use it for protocols that Drumline does not implement. Requests over `http`, `ws` and gRPC are
   * counted automatically; use `step` around those.
   *
   * @example
   * ```ts
   * await measure({ protocol: 'redis', method: 'GET', name: 'session' }, () => redis.get(key));
   * ```
   * @returns the result of `work`
   * @throws whatever `work` throws
   */
  readonly measure: <T>(what: RequestName, work: () => T | Promise<T>) => Promise<T>;
  /**
   * Times part of a journey, such as a login of three requests, in a row of the report. The row is
   * not included in the totals. A step fails if `work` throws. Steps can be nested.
   *
   * @example
   * ```ts
   * await step('login', async () => {
   *   await http.get('/login');
   *   await http.post('/login', { form: { user: 'demo' } });
   * });
   * ```
   * @returns the result of `work`
   * @throws whatever `work` throws
   */
  readonly step: <T>(name: string, work: () => T | Promise<T>) => Promise<T>;
  /**
   * Counts a request that your own code has timed.
   *
   * @throws TypeError if the protocol or name is missing, or a number is negative
   */
  readonly record: (sample: CustomSample) => void;
  /**
   * Waits for the given time. Rejects early if the run interrupts the user.
   *
   * @throws RangeError if the duration is invalid
   */
  readonly sleep: (duration: Duration) => Promise<void>;
  /**
   * Aborted when the stop timeout ends and the user is interrupted. Pass it to calls that must
   * stop then.
   */
  readonly signal: AbortSignal;
}

/**
 * The argument of background work. When the user stops, `signal` is aborted and `sleep` rejects.
 */
export type BackgroundContext = BaseContext;

/** The argument of tasks, `onStart` and `onStop`. `S` is the type of the user's state. */
export interface UserContext<S = undefined, D = {}> extends BaseContext {
  /**
   * The rows of this user, as `data` of `user()` names them. A row is read when it is used. If no
   * row is left, the access stops the user or the run, as `whenEmpty` says.
   */
  readonly data: RowsOf<D>;
  /**
   * The next row of test data with `use: 'once'`. No other user in the cluster gets it. If no row
   * is left, it does what `whenEmpty` says.
   *
   * @example
   * ```ts
   * const voucher = await take(vouchers);
   * ```
   * @throws TypeError if the rows are not used once
   */
  readonly take: <T>(rows: OnceTable<T>) => Promise<T>;
  /**
   * A row of test data with `use: 'borrow'`. No other user in the cluster has it until it goes
   * back, which it does at the end of the iteration, also of a failed one. A row that is borrowed
   * in `onStart` goes back when the user ends. Each call borrows another row.
   *
   * @example
   * ```ts
   * const account = await borrow(accounts);
   * ```
   * @throws TypeError if the rows are not borrowed
   */
  readonly borrow: <T>(rows: BorrowTable<T>) => Promise<T>;
  /**
   * A random number from 0 to below 1, like `Math.random()`. It is seeded: a user draws the same
   * numbers in every run with the same seed.
   */
  readonly random: () => number;
  /** The state of this user, created by the second argument of `user()`. */
  readonly state: S;
  /** The user that runs this code. */
  readonly user: {
    /**
     * Number of the user, from 0, over all workers. Two users that run at the same time never
     * share an index.
     */
    readonly index: number;
    /** Name of the user type. */
    readonly type: string;
    /**
     * Stops this user for the rest of the run: ends the current task by throwing, then runs
     * `onStop`. No other user takes its place.
     */
    stop(): never;
  };
  /**
   * The lane, that is the process, which runs this user. Variables at the top level of the scenario
   * exist once in each lane. To divide a list among lanes, use the rows `i` with
   * `i % lane.count === lane.index`.
   */
  readonly lane: {
    /**
     * Number of the lane, from 0, among all lanes of its group on all workers. It stays the same
     * for the whole run.
     */
    readonly index: number;
    /**
     * Number of lanes in the group when this lane started. Lanes of workers that join later are
     * not included.
     */
    readonly count: number;
  };
  /** The current iteration: one task, or one pass of a group. */
  readonly iteration: {
    /**
     * Number of the iteration, from 0, unique over all workers: no two iterations of a phase of the
     * load share it. In a closed loop, users take turns: with 10 users, the first iterations are 0
     * to 9. An iteration of a user that has moved to another lane gets a very large number.
     */
    readonly number: number;
    /**
     * Ends the iteration by throwing. The remaining tasks of its groups are skipped. The user
     * continues with the next iteration after its wait time.
     */
    end(): never;
  };
  /** The run that this user belongs to. */
  readonly run: {
    /**
     * Stops the run gracefully: each user finishes its current task, and all requests are counted.
     * Ends the code of this user by throwing. The run ends with exit code 16, and a note gives the
     * reason.
     */
    stop(reason: string): never;
  };
  /**
   * Starts work that runs beside the tasks until the user stops. Its `signal` is aborted then, and
   * the user waits for the work, at most for the stop timeout. An error that the work throws is
   * counted as an exception of this user.
   *
   * @example
   * ```ts
   * background(async ({ http, sleep, signal }) => {
   *   while (!signal.aborted) {
   *     await http.get('/notifications');
   *     await sleep('5s');
   *   }
   * });
   * ```
   */
  readonly background: (work: (context: BackgroundContext) => unknown) => void;
}
