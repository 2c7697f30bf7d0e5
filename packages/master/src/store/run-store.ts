import type { Ending, LimitStep, Load, Millis, Note, Plan, RunState, SharedEntry } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import type { IntervalDelta, PlacedEvent, StoredThreshold } from '@drumline/stats';
import type { AnnotationView, RunResult } from '@drumline/wire';
import type { StoredPlacement } from '../allocation/dispatch.js';
import type { Loss } from '../allocation/loss.js';
import type { StoredParticipant } from '../allocation/participant.js';
import type { LoadOfSecond, StoredCounts, StoredPoint } from '../intervals/stored-counts.js';
import type { UntrustedSpan } from '../intervals/untrusted.js';
import type { HistoryRow } from './history-rows.js';
import type { KeptEvents } from './kept-events.js';

/** A stored run without its counts: everything that another master needs to resume it. */
export interface StoredRun {
  readonly runId: string;
  /** Absolute path of the scenario file, for display and for finding the run again. */
  readonly scenario: string;
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  /** Version of Drumline that wrote the run. */
  readonly drumline: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The address of workers with the real port. A master that resumes the run binds it again. */
  readonly workerAddress: string;
  /** Its workers end with their master, as under `drumline run`: it cannot be resumed. */
  readonly standalone?: boolean;
  /** URL of the control API; absent if there is none. */
  readonly apiUrl?: string;
  readonly state: RunState;
  /** Absent before the start. */
  readonly clock?: StoredClock;
  readonly epoch: number;
  readonly load: Load;
  readonly placement: StoredPlacement['placement'];
  readonly setupResult?: unknown;
  /** Names of the secrets of the run. Another master needs the secrets again. */
  readonly secrets?: readonly string[];
  /** Why the run is ending, once it is. */
  readonly ending?: Ending;
  readonly notes: readonly (readonly [key: string, note: Note])[];
  /** Absent if there are none. */
  readonly annotations?: readonly AnnotationView[];
  /** Absent in files of older versions. */
  readonly losses?: readonly Loss[];
  /** The seconds in which a worker was the bottleneck; absent if there were none. */
  readonly untrusted?: readonly UntrustedSpan[];
  /** How the thresholds of the plan stood; absent if it has none. */
  readonly thresholds?: readonly StoredThreshold[];
  /** The judged steps of a search for a limit; absent if there are none. */
  readonly limitSteps?: readonly LimitStep[];
  /** The second in which counting begins: that of the last reset, or 0. */
  readonly fromSecond: number;
  /** The position of the last event that each output has sent; absent without outputs. */
  readonly sent?: Readonly<Record<string, number>>;
  readonly result?: RunResult;
}

/** A pause of a run that has ended; milliseconds since the start. */
export interface Pause {
  readonly fromMs: Millis;
  readonly toMs: Millis;
}

/** The start of a run and its pauses, so that another process can compute its run time. */
export interface StoredClock {
  /** On the monotonic clock of the machine, milliseconds. Valid only while `bootId` matches. */
  readonly startAtMs: Millis;
  /** Identifies the boot of the machine. */
  readonly bootId: string;
  /** The same instant on the wall clock, ISO 8601, UTC. */
  readonly startedAt: string;
  /**
   * When the current pause began, milliseconds since the start; absent if the run is not paused.
   */
  readonly pausedSinceMs?: Millis;
  readonly pausedBeforeMs: Millis;
  /** The recent pauses that have ended. */
  readonly pauses?: readonly Pause[];
  /** When the end of the load was ordered, in run time; absent before. */
  readonly orderedEndMs?: Millis;
}

/** A stored worker. `peer` is its key. */
export type StoredWorker = StoredParticipant;

/** Reports up to this one are in the counts, with this many requests in all. */
export type WorkerProgress = readonly [peer: string, mergedSeq: number, requests: number];

/** A worker with its progress, if that is newer. */
export function withProgress(worker: StoredWorker, progress: WorkerProgress | undefined): StoredWorker {
  if (!progress || progress[1] <= worker.mergedSeq) return worker;
  const [, mergedSeq, requests] = progress;
  return { ...worker, mergedSeq, requests };
}

/** One atomic change. */
export interface StoreChange {
  /** Replaces these fields of the run. */
  readonly run?: Partial<StoredRun>;
  /** Adds notes, or replaces those with the same keys. */
  readonly notes?: StoredRun['notes'];
  /** Replaces these workers. */
  readonly workers?: readonly StoredWorker[];
  /** How far the reports of other workers are in the counts. */
  readonly progress?: readonly WorkerProgress[];
  /** Replaces the histories of these workers. */
  readonly histories?: readonly HistoryRow[];
  /** Adds counts. */
  readonly deltas?: readonly IntervalDelta[];
  /** The load by second of the run; replaces earlier values. */
  readonly users?: readonly LoadOfSecond[];
  /** Discards all earlier counts, but not the users. Applied first. */
  readonly reset?: boolean;
  /** Replaces or deletes entries of the state that lanes share. */
  readonly shared?: readonly SharedEntry[];
  /** The newest events, for outputs. */
  readonly events?: KeptEvents;
}

/** The file of one run. Only one master at a time may write it. */
export interface RunStore {
  readonly path: string;
  /**
   * Commits a change. Resolves in the order of the calls, when the change survives the end of this
   * process and a power loss. Never blocks the event loop. Commits that wait become one
   * transaction.
   * @returns the changed points of seconds that are part of `StoredHistory`
   * @throws DrumlineError `output-unwritable` if the disk is full or the file is gone. The file
   * then has nothing of the change, and the run can no longer be resumed.
   */
  commit(change: StoreChange): Promise<readonly StoredPoint[]>;
  /** The share of the time since the last call in which its thread was not idle, if it has one. */
  takeBusy?(): number;
  close(): Promise<void>;
}

/** A stored run that had started, so that another master can resume it. */
export type StartedState = StoredState & { readonly run: { readonly clock: StoredClock } };

/** A run as read from its store. */
export interface StoredState extends Pick<StoredCounts, 'history' | 'deltas' | 'users'> {
  readonly run: StoredRun;
  readonly workers: readonly StoredWorker[];
  readonly histories: readonly HistoryRow[];
  /** The state that lanes share. */
  readonly shared: readonly SharedEntry[];
  /** The newest events; none without outputs. */
  readonly events: readonly PlacedEvent[];
}

/** The counts of a stored run. */
export function storedCountsOf({ run, history, deltas, users, events }: StoredState): StoredCounts {
  const { plan, fromSecond } = run;
  const position = events.at(-1)?.position ?? 0;
  return { maxSeries: plan.maxSeries, fromSecond, history, deltas, users, position };
}
