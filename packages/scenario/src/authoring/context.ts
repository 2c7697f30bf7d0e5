import type { HttpClient, WsClient } from '@drumline/drivers';
import type { Duration } from '@drumline/model';

/** What a custom request is counted as. */
export interface RequestName {
  /** Such as `mqtt`, `redis`. */
  readonly protocol: string;
  /** The verb within the protocol. */
  readonly method?: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A request of a protocol of the user's own, timed by the user's own code. */
export interface CustomSample extends RequestName {
  /** Response time, milliseconds; fractions count. */
  readonly durationMs: number;
  /** Why it failed. Absent: it passed. */
  readonly failure?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
}

/** What every function of a scenario is given. */
export interface BaseContext {
  /** HTTP client with the connections and cookies of this user. */
  readonly http: HttpClient;
  /** WebSockets of this user, with the headers and cookies of `http`; they are closed when the user ends. */
  readonly ws: WsClient;
  /**
   * Counts each named condition as passed or failed. A condition that throws has failed.
   * @returns whether all of them passed
   */
  readonly check: <T>(value: T, conditions: Readonly<Record<string, (value: T) => boolean>>) => boolean;
  /**
   * Times a request of a protocol of your own, and counts it: passed if `work` resolves, failed with the message if it throws.
   * Requests over `http`, `ws` and gRPC are counted by themselves: use `step` around those.
   * @throws what `work` throws
   */
  readonly measure: <T>(what: RequestName, work: () => T | Promise<T>) => Promise<T>;
  /**
   * Times a part of a journey, such as a login of three requests, in a separate row. The row is not
   * in the totals. Steps may hold steps. A step has failed if `work` throws.
   * @returns what `work` gives
   * @throws what `work` throws
   */
  readonly step: <T>(name: string, work: () => T | Promise<T>) => Promise<T>;
  /** Counts a request that your own code has timed. */
  readonly record: (sample: CustomSample) => void;
  /** Waits; ends early, by throwing, when the run cuts its users off. */
  readonly sleep: (duration: Duration) => Promise<void>;
  /** Aborted when the stop time-out ends; hand it to what should stop then. */
  readonly signal: AbortSignal;
}

/**
 * What background work of a user is given. Its `signal` is aborted, and its `sleep` ends by
 * throwing, when the user stops.
 */
export type BackgroundContext = BaseContext;

/** What the tasks of a user are given. */
export interface UserContext<S = undefined> extends BaseContext {
  /** What the user type's `state` made for this user. */
  readonly state: S;
  readonly user: {
    /** Counts all users of the run from 0, over all workers; no two users running at a time share one. */
    readonly index: number;
    /** Name of the user type. */
    readonly type: string;
    /**
     * Stops this user for good: its code is left, `onStop` runs, and no other user takes its place.
     */
    stop(): never;
  };
  /**
   * The process that runs this user. What the file holds at its top level exists once in each:
   * `rows[i]` with `i % lane.count === lane.index` are this lane's own.
   */
  readonly lane: {
    /**
     * Counts the lanes of its group over all workers from 0. It does not change while the run
     * lasts.
     */
    readonly index: number;
    /** How many there were when this lane began; a worker that joins later has further ones. */
    readonly count: number;
  };
  readonly iteration: {
    /**
     * Ends the present iteration: the task is left, and the rest of its groups is not done. The
     * user goes on after its wait time.
     */
    end(): never;
  };
  readonly run: {
    /**
     * Stops the run in good order: users end after their present task, everything is counted, and a
     * note gives the reason. This user's code is left at once.
     */
    stop(reason: string): never;
  };
  /**
   * Starts work that goes on beside the tasks and ends with the user: its `signal` is aborted when
   * the user stops, which then waits for it, no longer than the stop time-out. What the work throws
   * is counted as an exception of this user.
   */
  readonly background: (work: (context: BackgroundContext) => unknown) => void;
}

/** What hooks on workers are given. */
export interface WorkerHookContext {
  readonly worker: string;
  /** Number of the lane within the worker. */
  readonly lane: number;
  /** The lane's group; `default` where no user type names one. */
  readonly group: string;
}

/** What hooks on the master are given. */
export interface MasterHookContext {
  readonly run: { readonly id: string; readonly scenario: string };
  /** The worker that joined, left or was lost, in those events. */
  readonly worker?: string | undefined;
  /** How it happened, in words. */
  readonly reason?: string | undefined;
}
