import type { Millis, RefusalKind } from '@drumline/model';
import type { Interruption, LaneIncident, ReportAck, StatsReport } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';

/** Events of the workers, as the run receives them. */
export interface ClusterEvents {
  /** The worker has loaded the scenario and can be given users. */
  ready(worker: WorkerRecord): void;
  cannotPrepare(worker: WorkerRecord, problem: string): void;
  joined(worker: WorkerRecord): void;
  returned(worker: WorkerRecord): void;
  /** The worker ran under the previous master and has come back. */
  rejoined(worker: WorkerRecord): void;
  lost(worker: WorkerRecord, silentMs: Millis): void;
  /**
   * The worker leaves, or is gone. @param complete whether all its counts are merged, or will be
   */
  left(worker: WorkerRecord, reason: string, complete: boolean): void;
  /** @returns whether users must be placed again */
  heartbeat(worker: WorkerRecord): boolean;
  /** @returns whether users must be placed again */
  incident(worker: WorkerRecord, incident: LaneIncident): boolean;
  /**
   * Resolves with the answer to the worker, once everything that it acknowledges would survive the
   * death of this master.
   */
  report(worker: WorkerRecord, report: StatsReport): Promise<Omit<ReportAck, 'type'>>;
  /** Called after each placement of users. */
  placed(): void;
  drained(worker: WorkerRecord, killedLanes: readonly number[]): void;
  /** The worker port rejected something. @param count how often, 1 by default */
  refused(kind: RefusalKind, why: string, count?: number): void;
  /** The worker port was closed for a moment and opened again. */
  portInterrupted(interruption: Interruption): void;
  /** A message could not be handled because of a bug in Drumline. */
  defect(messageType: string, error: unknown): void;
}
