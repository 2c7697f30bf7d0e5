/**
 * The load that a generator is asked to make: a closed loop unless there is a rate. Each bench adds
 * the parameters of its rows.
 */
export interface Aim {
  readonly url: string;
  readonly connections: number;
  /** Requests in flight on each connection. Default 1. */
  readonly streams?: number;
  /** Requests a second over all connections. Default: as fast as answers arrive. */
  readonly requestsPerSecond?: number;
  /**
   * Drumline's scenario: a file of `scripts/bench/scenarios` without its extension. Undefined if
   * Drumline does not support the row.
   */
  readonly scenario?: string;
}

/** A load generator: a peer, or Drumline. */
export interface LoadGenerator<A extends Aim = Aim> {
  readonly name: string;
  /** Undefined if this machine lacks it. */
  readonly version: string | undefined;
  /** Whether it supports this load. */
  can(aim: A): boolean;
  start(aim: A, cores: string | undefined): Promise<RunningGenerator>;
}

/** A running generator. */
export interface RunningGenerator {
  /** The root of all its processes. */
  readonly pid: number;
  /** @throws Error with its last output if it has exited */
  assertAlive(): void;
  /** Suspends the load until `resume`. */
  hold(): void;
  resume(): void;
  /**
   * Ends it.
   * @returns its counts, if they are exact
   */
  end(): Promise<OwnCounts | undefined>;
  /** Kills it in any state. */
  kill(): Promise<void>;
}

/** A generator's own counts of its run. */
export interface OwnCounts {
  readonly requests: number;
  readonly failures: number;
  /** The most frequent reason for a failure. */
  readonly reason?: string;
}
