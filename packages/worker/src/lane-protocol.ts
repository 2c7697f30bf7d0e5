import type { LoadProfile, Millis, Secrets } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import type { Finding, LaneNumber, RunPlan } from '@drumline/wire';

/** What is said only when the master has been heard. */
interface LeaseRenewal {
  /** On the machine's monotonic clock: then the lane stops its users, unless the lease has been renewed. */
  readonly leaseUntilMs: Millis;
}

/** One lane's part of an assignment. */
export interface LaneAssignment {
  readonly epoch: number;
  readonly load: LoadProfile;
  readonly pausedAtMs: Millis | null;
  readonly pausedMs: Millis;
  /** Indexes of its users, ascending. */
  readonly users: readonly number[];
}

/** The run has a start; times are on the monotonic clock that the machine's processes share. */
export interface LaneStart {
  readonly startAtMs: Millis;
  readonly setupResult?: unknown;
  /** Which of the run's lanes it is, of those of its group. */
  readonly number?: LaneNumber | undefined;
}

export interface LoadBundleOrder {
  readonly type: 'load';
  /** The file that holds the bundle. */
  readonly bundle: string;
  readonly plan: RunPlan;
  readonly secrets: Secrets;
  readonly worker: string;
  readonly lane: number;
  /** Whose users it runs. */
  readonly group: string;
  /** Of Drumline. */
  readonly version: string;
}

/** What the control process says to a lane. */
export type LaneOrder =
  | LoadBundleOrder
  | ({ readonly type: 'assign' } & LaneAssignment & LeaseRenewal)
  | ({ readonly type: 'start' } & LaneStart & LeaseRenewal)
  | ({ readonly type: 'clock'; readonly startAtMs: Millis } & LeaseRenewal)
  | { readonly type: 'phase'; readonly phase: 'setup' | 'teardown'; readonly setupResult?: unknown }
  | { readonly type: 'drain'; readonly stopTimeoutMs: Millis }
  | { readonly type: 'exit' };

/** How a lane is; said every quarter of a second, which is also its sign of life. */
export interface LaneVitals {
  readonly users: number;
  /** Part of one CPU since the last time. */
  readonly cpu: number;
  /** Part of the time the event loop was not idle, since the last time. */
  readonly busy: number;
  readonly memoryBytes: number;
  /** Longest standstill of the event loop since the last time. */
  readonly loopDelayMs: Millis;
}

/** What a lane says to the control process. */
export type LaneNews =
  | { readonly type: 'booted' }
  | { readonly type: 'loaded'; readonly problem?: string }
  | ({ readonly type: 'vitals' } & LaneVitals)
  | { readonly type: 'deltas'; readonly deltas: IntervalDelta[] }
  /** Something is wrong with the scenario. Its counts are since the last time. */
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  | {
      readonly type: 'phaseDone';
      readonly phase: 'setup' | 'teardown';
      readonly result?: unknown;
      readonly problem?: string;
    }
  /** Its lease has ended, and its users stop; it waits for another assignment. */
  | { readonly type: 'held' }
  | { readonly type: 'drained' }
  /** The scenario's code asked for the run to end. */
  | { readonly type: 'stopRun'; readonly user: string; readonly task: string; readonly reason: string }
  /** The lane is about to end because of the user's code; everything it had counted has been sent before. */
  | { readonly type: 'dying'; readonly reason: string; readonly stack?: string };
