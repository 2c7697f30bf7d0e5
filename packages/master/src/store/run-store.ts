import type { LoadProfile, Millis, Note, Plan, RunState, WorkerState } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type { IntervalDelta } from '@drumline/stats';
import type { Hello, RunResult } from '@drumline/wire';
import type { Ending } from '../run/ending.js';
import type { Loss } from '../run/losses.js';
import type { StoredPace } from '../run/pace.js';
import type { StoredPoint } from './points.js';

/** A run as the store keeps it, beside what was counted: all that another master needs to take it up. */
export interface StoredRun {
  readonly runId: string;
  /** Absolute path of the scenario file, for people and for finding the run again. */
  readonly scenario: string;
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  /** Version of Drumline that wrote it. */
  readonly drumline: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Where workers dial to, with the real port: a master that resumes binds it again. */
  readonly workerAddress: string;
  /** Its workers end with their master, as those of `drumline run`: nobody can take it up. */
  readonly standalone?: boolean;
  /** Where the control API answers; absent if there is none. */
  readonly apiUrl?: string;
  readonly state: RunState;
  /** Absent before the start. */
  readonly clock?: StoredClock;
  readonly epoch: number;
  readonly load: LoadProfile;
  /**
   * Per lane (`WORKER/LANE`) the indexes of its users: what `encodeUsers` writes, in base64; older
   * versions wrote lists.
   */
  readonly placement: readonly (readonly [lane: string, users: string | readonly number[]])[];
  readonly setupResult?: unknown;
  /** Names of the secrets that were given: another master needs them again. */
  readonly secrets?: readonly string[];
  /** Why it is being ended, once it is. */
  readonly ending?: Ending;
  readonly notes: readonly (readonly [key: string, note: Note])[];
  /** Absent in files of versions that did not keep them. */
  readonly losses?: readonly Loss[];
  /** Counting begins here: second of the last reset, or 0. */
  readonly fromSecond: number;
  /** The result, once there is one. */
  readonly result?: RunResult;
}

/** The start of a run and its pauses, so that another process can tell how long ago it was. */
export interface StoredClock {
  /** On the machine's monotonic clock, milliseconds; means something only while `bootId` is the machine's. */
  readonly startAtMs: Millis;
  /** Names the time since the machine was started. */
  readonly bootId: string;
  /** The same instant by the wall clock, ISO 8601, UTC. */
  readonly startedAt: string;
  /** When the present pause began, milliseconds since the start; absent while the run goes on. */
  readonly pausedSinceMs?: Millis;
  readonly pausedBeforeMs: Millis;
}

/** A worker as the store keeps it; `peer` names it for good. */
export interface StoredWorker {
  readonly peer: string;
  readonly id: string;
  readonly hello: Hello;
  readonly state: WorkerState;
  readonly laneGroups: readonly string[];
  readonly brokenLanes: readonly number[];
  /** Its reports are in the store up to and with this one. */
  readonly mergedSeq: number;
  readonly requests: number;
  /** Absent in files of versions that did not keep it. */
  readonly pace?: StoredPace;
  readonly peakLaneCpu: readonly number[];
  readonly peakControlCpu: number;
  readonly peakMemoryBytes: number;
  readonly longestHeartbeatGapMs: Millis;
}

/** What is committed at once: all of it, or nothing. */
export interface StoreChange {
  /** Replaces these fields of the run. */
  readonly run?: Partial<StoredRun>;
  /** Adds these notes, or replaces those of the same keys. */
  readonly notes?: StoredRun['notes'];
  /** Replaces these workers as a whole. */
  readonly workers?: readonly StoredWorker[];
  /** Adds what was counted. */
  readonly deltas?: readonly IntervalDelta[];
  /** How many users ran, by second of the run; replaces what was said of the same second. */
  readonly users?: readonly (readonly [second: number, users: number])[];
  /** Forgets, before all else, what was counted so far; not the users. */
  readonly reset?: boolean;
}

/** The file of one run, open for writing by one master at a time. */
export interface RunStore {
  readonly path: string;
  /**
   * Resolves when the change is in the file, in the order of the calls: it then survives the end of
   * this process, however it ends, and the loss of power. Never blocks the event loop for the disk.
   * Commits that wait become one transaction.
   * @returns the points of seconds of `StoredHistory` of which more was counted since, as they are
   * now
   * @throws DrumlineError `output-unwritable` if the disk is full or the file is gone; nothing of
   * the change is in the file then, and no master takes the run up any more
   */
  commit(change: StoreChange): Promise<readonly StoredPoint[]>;
  close(): Promise<void>;
}

/** A run read back that had been started: one that another master can take up. */
export type StartedState = StoredState & { readonly run: { readonly clock: StoredClock } };

/** A run read back. */
export interface StoredState {
  readonly run: StoredRun;
  readonly workers: readonly StoredWorker[];
  /** What was counted in all but the last minutes, in short; absent of a short run. */
  readonly history?: StoredHistory;
  /** Everything counted later: one delta for each second in which something was, ascending. */
  readonly deltas: Iterable<IntervalDelta>;
  /** How many users ran, by second, from the end of the history on. */
  readonly users: readonly (readonly [second: number, users: number])[];
}

/** What was counted in the seconds before some instant, without the deltas of each. */
export interface StoredHistory {
  /** The first second that is not in it. */
  readonly until: number;
  /** They add up to the totals of these seconds. */
  readonly totals: Iterable<IntervalDelta>;
  /** One for each of these seconds, ascending from 0. */
  readonly points: readonly StoredPoint[];
}
