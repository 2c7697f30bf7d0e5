import type { Millis, RefusalKind } from '@drumline/model';
import type { Interruption, LaneIncident, StatsReport } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';

/** What the workers do, told to the run. */
export interface ClusterEvents {
  /** It is prepared, and can be given users. */
  ready(worker: WorkerRecord): void;
  cannotPrepare(worker: WorkerRecord, problem: string): void;
  joined(worker: WorkerRecord): void;
  returned(worker: WorkerRecord): void;
  /** It ran under the master before this one, and is there again. */
  rejoined(worker: WorkerRecord): void;
  lost(worker: WorkerRecord, silentMs: Millis): void;
  /** It leaves, or is gone. @param complete whether all it had counted is merged, or will be */
  left(worker: WorkerRecord, reason: string, complete: boolean): void;
  /** @returns whether users must be placed anew */
  heartbeat(worker: WorkerRecord): boolean;
  /** @returns whether users must be placed anew */
  incident(worker: WorkerRecord, incident: LaneIncident): boolean;
  /** Resolves with the sequence number to acknowledge, when what was counted up to it survives this master's death. */
  report(worker: WorkerRecord, report: StatsReport): Promise<number>;
  /** Users were placed anew. */
  placed(): void;
  drained(worker: WorkerRecord, killedLanes: readonly number[]): void;
  /** The worker port rejected something. @param count how often, 1 by default */
  refused(kind: RefusalKind, why: string, count?: number): void;
  /** The worker port is closed for a moment, and opened again. */
  portInterrupted(interruption: Interruption): void;
  /** A message that could not be handled: a defect of ours. */
  defect(messageType: string, error: unknown): void;
}
