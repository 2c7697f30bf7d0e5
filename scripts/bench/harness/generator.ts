/**
 * The load that a generator is asked to make: a closed loop unless there is a rate. Each bench adds
 * the parameters of its own rows.
 */
export interface Aim {
  readonly url: string;
  readonly connections: number;
  /** Requests in flight on each connection. Default 1. */
  readonly streams?: number;
  /** Of all connections together; default as fast as answers come. */
  readonly requestsPerSecond?: number;
  /**
   * Drumline's scenario: a file of `scripts/bench/scenarios` without its extension. Undefined if
   * Drumline does not support the row.
   */
  readonly scenario?: string;
}

/** Something that makes load: a peer, or Drumline. */
export interface LoadGenerator<A extends Aim = Aim> {
  readonly name: string;
  /** Undefined if this machine lacks it. */
  readonly version: string | undefined;
  /** Whether it can do this at all. */
  can(aim: A): boolean;
  start(aim: A, cores: string | undefined): Promise<RunningGenerator>;
}

/** A generator at work. */
export interface RunningGenerator {
  /** The root of all its processes. */
  readonly pid: number;
  /** @throws Error with its last words if it has ended by itself */
  assertAlive(): void;
  /** Makes its load stand still until `resume`. */
  hold(): void;
  resume(): void;
  /** Ends it. @returns what it has counted, if it counts exactly */
  end(): Promise<Books | undefined>;
  /** Ends it at once, whatever state it is in. */
  kill(): Promise<void>;
}

/** What a generator says of its own run. */
export interface Books {
  readonly requests: number;
  readonly failures: number;
  /** The most frequent reason of a failure. */
  readonly reason?: string;
}
