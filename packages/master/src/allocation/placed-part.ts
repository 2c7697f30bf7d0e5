import type { GroupLane, LoadPart, Millis, Steps } from '@drumline/model';
import type { Share } from '@drumline/wire';
import type { Handover } from './slot-grants.js';

/** Items of a part as another master needs them to resume the run. */
export interface StoredShare {
  /** `WORKER/LANE`; absent for slots that no lane has. */
  readonly lane?: string;
  /** From `encodeUsers`, in base64. */
  readonly items: string;
  readonly grant?: number;
  readonly from?: number;
  readonly untilMs?: Millis;
  /** When the grant was made, in run time. */
  readonly givenMs?: Millis;
  /** Whether the lane has answered the release, and others have the slots from `untilMs` on. */
  readonly ending?: boolean;
  /** Whether the lane had the slots up to `untilMs`. It is not told of them. */
  readonly past?: boolean;
  /** Whether there was no lane for the slots. */
  readonly unserved?: boolean;
}

/** Starts of a user type that did not happen. */
export interface SkippedStarts {
  readonly user: string;
  readonly phase: string;
  readonly count: number;
}

/** The time and the lanes of a placement. */
export interface PlacementOrder {
  /** The lanes that get items. */
  readonly lanes: readonly GroupLane[];
  /** Those of lost workers that others wait for: they keep what they have. */
  readonly keeping: ReadonlySet<string>;
  /** Lanes that hand over all their slots. */
  readonly leaving: ReadonlySet<string>;
  /** Whether a lane is gone, and cannot hand over its slots. */
  readonly isGone: (lane: string) => boolean;
  /** The present run time. */
  readonly runMs: Millis;
  /** The run time at which slots change their lane. */
  readonly switchAtMs: Millis;
  /** A number that no other grant of the run has. */
  readonly nextId: () => number;
}

/** A share without the number of its part. */
export type PartShare = Omit<Share, 'part'>;

/** Records which items of a part of the load are on which lane. */
export interface PlacedPart {
  /** Replaces the part by a changed one. Items are only added. @param epoch that tells workers */
  change(part: LoadPart, runMs: Millis, epoch: number): void;
  /** Restores the placement of another master. */
  restore(shares: readonly StoredShare[]): void;
  /** The shares of the last placement. */
  readonly stored: readonly StoredShare[];
  /** Whether the lane takes part, or has not said yet that it stops. */
  has(lane: string): boolean;
  /** Users that the part plans at a time of the run. */
  plannedUsers(runMs: Millis): number;
  /** The most users that the part plans from a time of the run to another. */
  mostPlannedUsers(fromMs: Millis, toMs: Millis): number;
  /** How many of the first users are on a lane. */
  usersOn(lane: string, first: number): number;
  /** How many of the first users have a user type for which `wanted` is true. */
  countTypes(first: number, wanted: (type: number) => boolean): number;
  /** The shares of a lane in the last placement. */
  sharesOf(lane: string): readonly PartShare[];
  /**
   * Places the items on lanes, each within its lane group. Moves as few as possible.
   * @returns whether the shares of a lane have changed
   */
  placing(order: PlacementOrder): Steps<(lane: string) => boolean>;
  /**
   * The most starts that are due on the slots of a lane in a time of the run. @param epoch that its
   * worker knows: it may follow an earlier rate
   */
  startsOn(lane: string, fromMs: Millis, toMs: Millis, epoch: number): number;
  /**
   * The most starts that were due before a time on slots that a lane may have learned of after it.
   */
  startsOverdue(lane: string, atMs: Millis, epoch: number): number;
  /** The most starts that are due until a time on slots that a lane got after an epoch. */
  startsUnknownTo(lane: string, epoch: number, toMs: Millis): number;
  /**
   * The most starts that lanes did not count, of those due in the time before each crash that no
   * earlier call has covered.
   */
  startsBeforeCrash(lane: string, uncountedMs: Millis): number;
  /** A lane has crashed. @returns the most starts that it had promised and does not deal with */
  cutOff(lane: string, runMs: Millis): number;
  /** Takes the slots of lanes that are gone, and cannot hand them over. */
  lose(isGone: (lane: string) => boolean, runMs: Millis): void;
  /**
   * The starts that no lane was there for, since the last call. @param isOver whether no lane gets
   * slots any more
   */
  takeSkipped(runMs: Millis, isOver: boolean): readonly SkippedStarts[];
  /** Takes the answer of a lane. @returns whether another placement is needed */
  handOver(answer: Handover): boolean;
  /** The run time up to which a lane deals with slots; `Infinity` before it has answered. */
  busyUntilMs(lane: string): Millis;
}
