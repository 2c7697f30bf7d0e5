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
   * @throws what `work` throws
   */
  readonly measure: <T>(what: RequestName, work: () => T | Promise<T>) => Promise<T>;
  /** Counts a request that your own code has timed. */
  readonly record: (sample: CustomSample) => void;
  /** Waits; ends early, by throwing, when the run cuts its users off. */
  readonly sleep: (duration: Duration) => Promise<void>;
  /** Aborted when the stop time-out ends; hand it to what should stop then. */
  readonly signal: AbortSignal;
}

/** What the tasks of a user are given. */
export interface UserContext<S = undefined> extends BaseContext {
  /** What the user type's `state` made for this user. */
  readonly state: S;
  readonly user: {
    /** Counts all users of the run from 0, over all workers; no two users running at a time share one. */
    readonly index: number;
    /** Name of the user type. */
    readonly type: string;
  };
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
