import type { Load, Millis, Secrets, SharedBatch } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import type { Finding, LaneNumber, RunPlan } from '@drumline/wire';

/** Part of messages that are only sent after a message from the master. */
interface LeaseRenewal {
  /**
   * When the lane must stop its users unless the lease is renewed, on the machine's monotonic
   * clock.
   */
  readonly leaseUntilMs: Millis;
}

export interface LaneAssignment {
  readonly epoch: number;
  readonly load: Load;
  readonly pausedAtMs: Millis | null;
  readonly pausedMs: Millis;
  readonly shares: readonly LaneShare[];
}

/**
 * Items of a part of the load that are on this lane: users, or slots of an open part. Only closed
 * parts have no grant.
 */
export interface LaneShare {
  /** Index into the parts of the load. */
  readonly part: number;
  readonly items: readonly number[];
  /** Unique in the run. A lane that knows the grant goes on where it is. */
  readonly grant?: number | undefined;
  /** Where a lane begins that does not know the grant: a run time, or a number of an iteration. */
  readonly from?: number | undefined;
  /** The lane must hand over the items, open ones at this run time. */
  readonly untilMs?: Millis | undefined;
}

/** The lane deals with the items up to the position, and never beyond it. */
export interface LaneRelease {
  readonly part: number;
  readonly grant: number;
  readonly items: readonly number[];
  /** A run time, or the number of an iteration. */
  readonly position: number;
}

/** How far a lane is with an open or fixed part. */
export interface LanePosition {
  readonly part: number;
  /**
   * Everything that is due before this run time has begun or was given up. For fixed parts, the
   * lowest number of an iteration that has not.
   */
  readonly position: number;
  /** Iterations under way. */
  readonly active: number;
}

/** The start of the run. Times are on the machine's monotonic clock, which all processes share. */
export interface LaneStart {
  readonly startAtMs: Millis;
  readonly setupResult?: unknown;
  /** The number of this lane in its lane group, over all workers. */
  readonly number?: LaneNumber | undefined;
}

export interface LoadBundleOrder {
  readonly type: 'load';
  readonly bundle: string;
  readonly plan: RunPlan;
  readonly secrets: Secrets;
  readonly worker: string;
  readonly lane: number;
  /** The lane group whose users it runs. */
  readonly group: string;
  /** The version of Drumline. */
  readonly version: string;
  /** Where the lane writes its samples. Absent if it keeps none. */
  readonly samples?: SampleOrder | undefined;
}

/** A file with a line for each request. */
export interface SampleOrder {
  /** Absolute path of a file that exists. */
  readonly path: string;
  /** The part of the requests that is written, above 0 and at most 1. They are chosen at random. */
  readonly share: number;
  /** The most lines; further ones are counted and dropped. */
  readonly limit: number;
}

/** Messages from the control process to a lane. */
export type LaneOrder =
  | LoadBundleOrder
  | ({ readonly type: 'assign' } & LaneAssignment & LeaseRenewal)
  | ({ readonly type: 'start' } & LaneStart & LeaseRenewal)
  | ({ readonly type: 'clock'; readonly startAtMs: Millis } & LeaseRenewal)
  | { readonly type: 'phase'; readonly phase: 'setup' | 'teardown'; readonly setupResult?: unknown }
  /** The answers to a batch of operations on shared state. */
  | { readonly type: 'sharedReply'; readonly seq: number; readonly answers: readonly unknown[] }
  /** What the lane waits for may be there. */
  | { readonly type: 'sharedWake'; readonly keys: readonly string[] }
  /** The load must stop, as when the lease has expired. */
  | { readonly type: 'hold' }
  | { readonly type: 'drain'; readonly stopTimeoutMs: Millis }
  | { readonly type: 'exit' };

/** The state of a lane. Sent every quarter of a second, which also shows that the lane responds. */
export interface LaneVitals {
  readonly users: number;
  /** Of the open and fixed parts; absent if there are none. */
  readonly positions?: readonly LanePosition[];
  /** Fraction of one CPU since the last message. */
  readonly cpu: number;
  /** Fraction of time in which the event loop was busy, since the last message. */
  readonly busy: number;
  readonly memoryBytes: number;
  /** Longest delay of the event loop since the last message. */
  readonly loopDelayMs: Millis;
  /** Delays of the event loop since the last message, without the short ones that timers have. */
  readonly longDelaysMs: readonly Millis[];
}

/** Messages from a lane to the control process. */
export type LaneNews =
  | { readonly type: 'booted' }
  | { readonly type: 'loaded'; readonly problem?: string }
  | ({ readonly type: 'vitals' } & LaneVitals)
  /** The answer to an assignment that releases items. */
  | { readonly type: 'released'; readonly epoch: number; readonly releases: readonly LaneRelease[] }
  /** All iterations of a fixed part are over in the lane. */
  | { readonly type: 'partDone'; readonly positions: readonly LanePosition[] }
  /** Operations on shared state. The next ones follow the answers. */
  | ({ readonly type: 'shared' } & SharedBatch)
  | { readonly type: 'deltas'; readonly deltas: IntervalDelta[] }
  /** Findings about the scenario, with counts since the last message. */
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  | {
      readonly type: 'phaseDone';
      readonly phase: 'setup' | 'teardown';
      readonly result?: unknown;
      readonly problem?: string;
    }
  /** The lease has expired and the users stop. The lane waits for a new assignment. */
  | { readonly type: 'held' }
  | { readonly type: 'drained' }
  /** The scenario code asked to stop the run. */
  | { readonly type: 'stopRun'; readonly user: string; readonly task: string; readonly reason: string }
  /** The lane is about to end because of user code. All its counts have been sent before. */
  | {
      readonly type: 'dying';
      readonly reason: string;
      readonly stack?: string;
      /** How far it was with the open and fixed parts. */
      readonly positions?: readonly LanePosition[];
    };
