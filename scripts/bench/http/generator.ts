/** What a load generator is asked to do. Requests are GET, in a closed loop unless there is a rate. */
export interface Aim {
  readonly url: string;
  readonly connections: number;
  /** Default HTTP/1.1. */
  readonly protocol?: 'h2';
  /** Requests in flight on each connection. Default 1. */
  readonly streams?: number;
  /** A connection for each request, its TLS session taken up again or not. Default: kept connections. */
  readonly fresh?: 'resumed' | 'full';
  /** Of all connections together; default as fast as answers come. */
  readonly requestsPerSecond?: number;
  /** What Drumline runs for it: a file of `scripts/bench/scenarios/http`; undefined where it has no words for it yet. */
  readonly scenario?: string;
}

/** Something that makes load: a peer, or Drumline. */
export interface LoadGenerator {
  readonly name: string;
  /** Undefined if this machine lacks it. */
  readonly version: string | undefined;
  /** Whether it can do this at all. */
  can(aim: Aim): boolean;
  start(aim: Aim, cores: string | undefined): Promise<RunningGenerator>;
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
