import type { Millis, SharedBatch } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import type { Finding, LaneIncident, StopRun } from '@drumline/wire';
import type { Release } from './lane-grants.js';
import type { SharingLane } from './shared-requests.js';

/** Events and queries of the lanes of a worker. */
export interface WorkerLanesEvents {
  /** When the lease of the lanes expires, on the local monotonic clock. */
  leaseUntilMs(): Millis;
  /** The lease of the lanes has expired, and they stop their users. Called once per expiry. */
  held(): void;
  deltas(deltas: readonly IntervalDelta[]): void;
  /** The lane asks for shared state. */
  shared(lane: SharingLane, batch: SharedBatch): void;
  incident(incident: Omit<LaneIncident, 'type'>): void;
  findings(findings: readonly Finding[]): void;
  /** The scenario code asked to stop the run. */
  stopRun(stopRun: StopRun): void;
  /** How far lanes deal with what they were told to release, or had when they crashed. */
  released(releases: Release[]): void;
  /** A lane is done with a fixed part. */
  partDone(): void;
  printed(lane: number, line: string): void;
}
