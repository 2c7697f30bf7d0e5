/**
 * Hooks that run on the master. If a hook throws, the report has a note, and the run continues.
 */
export interface MasterHooks {
  /** Runs before the first user starts. */
  readonly runStart?: (context: MasterHookContext) => unknown;
  /**
   * Runs when every user has stopped and all requests are counted, with the result. May take ten
   * seconds. An aborted run has none.
   */
  readonly runStop?: (context: RunStopContext) => unknown;
  /**
   * Runs for every second of the run, about a second after it ended. Seconds come in order, one
   * after the other. If the hook is slow, it loses seconds, which a note counts.
   */
  readonly second?: (context: IntervalContext) => unknown;
  /** Runs for every ten seconds of the run in the same way, and for the rest at the end. */
  readonly tenSeconds?: (context: IntervalContext) => unknown;
  /** Runs when a worker has joined the run. */
  readonly workerJoined?: (context: MasterHookContext) => unknown;
  /** Runs when a worker has left the run in an orderly way. */
  readonly workerLeft?: (context: MasterHookContext) => unknown;
  /** Runs when the master has lost a worker. */
  readonly workerLost?: (context: MasterHookContext) => unknown;
}

/** Hooks that run on workers, once in each lane, because lanes share no memory. */
export interface WorkerHooks {
  /**
   * Runs before the first user of the lane starts. Users wait until it has finished. If it throws,
   * the worker cannot take part in the run.
   */
  readonly runStart?: (context: WorkerHookContext) => unknown;
  /**
   * Runs for every second of the lane, right after it ended. Seconds come in order, one after the
   * other. If the hook is slow, it loses seconds, which a note counts. Exceptions are counted.
   */
  readonly second?: (context: LaneIntervalContext) => unknown;
  /** Runs for every ten seconds of the lane in the same way, and for the rest at the end. */
  readonly tenSeconds?: (context: LaneIntervalContext) => unknown;
  /** Runs after the last user of the lane has stopped. */
  readonly runStop?: (context: WorkerHookContext) => unknown;
}

/** The argument of hooks on workers. */
export interface WorkerHookContext {
  /** Name of the worker. */
  readonly worker: string;
  /** Number of the lane within the worker, from 0. */
  readonly lane: number;
  /** Lane group of the lane. `default` if no user type names one. */
  readonly group: string;
}

/** The argument of hooks on the master. */
export interface MasterHookContext {
  /** Identifier of the run, and name of the scenario. */
  readonly run: {
    /** The id of the run. */
    readonly id: string;
    /** The scenario of the run. */
    readonly scenario: string;
  };
  /** Name of the worker. Only in `workerJoined`, `workerLeft` and `workerLost`. */
  readonly worker?: string | undefined;
  /** Why the worker left or was lost, as readable text. */
  readonly reason?: string | undefined;
}

/** The result of a run. For scenarios that import `drumline`, it has the fields of the JSON. */
// oxlint-disable-next-line typescript/no-empty-object-type -- `drumline` adds the fields
export interface RunSummary {}

/** The argument of `onMaster.runStop`. */
export interface RunStopContext extends MasterHookContext {
  /** The result of the run, as `--json` writes it. */
  readonly result: RunSummary;
}

/**
 * What was counted in a second, or in up to ten, over all workers. For scenarios that import
 * `drumline`, it has fields: see the guide on hooks.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- `drumline` adds the fields
export interface IntervalSummary {}

/** The argument of `onMaster.second` and `onMaster.tenSeconds`. */
export interface IntervalContext extends MasterHookContext {
  /** What was counted, as far as it was known. Later reports change the result only. */
  readonly interval: IntervalSummary;
}

/**
 * What a lane counted in a second, or in up to ten. For scenarios that import `drumline`, it has
 * fields: see the guide on hooks.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- `drumline` adds the fields
export interface LaneIntervalSummary {}

/** The argument of `onWorker.second` and `onWorker.tenSeconds`. */
export interface LaneIntervalContext extends WorkerHookContext {
  /** What the lane counted. */
  readonly interval: LaneIntervalSummary;
}
