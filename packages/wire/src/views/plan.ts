// The plan of a run in its result, and what became of it, as types without a library.

/** A stage; 0 changes the load at once, null lasts until the run is stopped. */
export interface UsersStageResult {
  durationMs: number | null;
  toUsers: number;
}

export interface RateStageResult {
  durationMs: number | null;
  toPerSecond: number;
}

/** What users do over time. */
export type WorkloadResult =
  | { kind: 'users'; profile: { fromUsers: number; stages: UsersStageResult[] } }
  | {
      /** `arrivals`: new users. `iterations`: on users that stay. */
      kind: 'arrivals' | 'iterations';
      rate: { fromPerSecond: number; stages: RateStageResult[] };
      /**
       * `even`: evenly spaced. `random`: a Poisson process. `listed`: as in a file, whose times the
       * rate describes.
       */
      order: { kind: 'even' } | { kind: 'random'; seed: number } | ListedOrderResult;
      maxConcurrent?: number;
      maxUsers?: number;
    }
  | {
      kind: 'fixed';
      /** Iterations of all users. */
      total: number;
      users: number;
      /** Whether each user runs the same number of iterations. */
      each: boolean;
      limitMs: number | null;
    };

/** Due times from a file. */
export interface ListedOrderResult {
  kind: 'listed';
  file: string;
  /** Number of starts in the file. */
  count: number;
  /** How much faster than the file: 1 is as fast. */
  speed: number;
  /** The starts of each user type, if the file says whose they are. */
  shares?: number[];
}

/** One workload of one or several user types. */
export interface LoadPartResult {
  /** Empty if the load has no phases. */
  phase: string;
  /** Names of its user types. */
  userTypes: string[];
  /** Since the start of the run, without pauses; null after a part of unknown length. */
  startMs: number | null;
  workload: WorkloadResult;
  /** The part as a sentence. */
  text: string;
}

/** What the run was asked to do. */
export interface PlanResult {
  load: { parts: LoadPartResult[] };
  /** The number from which random orders are computed. */
  seed: number;
  userTypes: {
    name: string;
    weight: number;
    fixedCount?: number;
    tasks: string[];
  }[];
  stopTimeoutMs: number;
  tags?: string[];
  excludeTags?: string[];
}

/** What became of arrivals or iterations that were due. A late one is counted as started, too. */
export interface StartCounts {
  started: number;
  /** Began more than 10 ms after they were due. */
  late: number;
  /** Refused by the limit of users. */
  dropped: number;
  /** Due while the run was paused or had stopped. */
  skipped: number;
}

/** The starts of a user type in a phase. */
export interface ScheduleResult extends StartCounts {
  user: string;
  /** Empty if the load has no phases. */
  phase: string;
}
