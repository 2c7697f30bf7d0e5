import type { LoadPart, Millis, OpenDueTimes, UserTypeShare } from '@drumline/model';
import type { LanePosition, LaneRelease, LaneShare } from '../../lane-protocol.js';
import type { Member, PartHost, Timing } from './member.js';
import type { RunClock } from './run-clock.js';

/** What a part is made with. */
export interface PartSetup {
  readonly index: number;
  readonly part: LoadPart;
  readonly userTypes: readonly UserTypeShare[];
  /** Opens the due times of a replayed file. */
  readonly openTimes?: OpenDueTimes | undefined;
  readonly host: PartHost;
  readonly clock: RunClock;
  readonly timing: Timing;
  readonly stopTimeoutMs: Millis;
  /** Whether the lane may make load: by now, others may have what it had. */
  readonly isLeased: () => boolean;
  /** All iterations of a fixed part are over in this lane. */
  readonly onDone: () => void;
}

/** Runs the users of one part of the load in a lane. */
export interface Part {
  /** Users that are wanted. */
  readonly size: number;
  /** Users that were told to end. */
  readonly leaving: number;
  /** All members that have not ended. */
  members(): Member[];
  /**
   * Sets the items of this lane, or a changed load.
   * @returns how far the lane deals with the items that it was told to release
   */
  assign(part: LoadPart, shares: readonly LaneShare[]): readonly LaneRelease[];
  /** Does what is due. Called when the time of the run has changed, too. */
  follow(): void;
  /**
   * Stops all users until there is a new assignment. Those that are not done after the timeout are
   * cut off. Resolves when none is left.
   */
  hold(stopTimeoutMs: Millis): Promise<void>;
  /** Gives up what has not started. Called before the last `hold`. */
  close(): void;
  /** Undefined for a closed part. */
  readonly position: LanePosition | undefined;
}
