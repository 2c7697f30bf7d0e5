import type { Millis } from '@drumline/model';
import type { ScheduleEvent } from '@drumline/stats';

/** A user, or a stand-in in tests. */
export interface Member {
  /** Ends after the current task. */
  stop(): void;
  /** Cuts off requests in flight and ends soon; `onStop` has a moment. */
  cut(): void;
  kill(): void;
  /** Whether it ended at its own request, so that no other user takes its place. */
  readonly retired: boolean;
  /** Resolves when it has ended for any reason. */
  readonly done: Promise<void>;
}

/** One iteration of an open or fixed workload. */
export interface Iteration {
  /** Unique in its part of the load. */
  readonly number: number;
  /** On the clock of `Timing`; undefined if it has no due time. */
  readonly dueAtMs: Millis | undefined;
}

/** A user that runs the iterations it is given. */
export interface GivenMember extends Member {
  /** Its number in the part of the load. */
  readonly item: number;
  /** Whether `onStart` is over, so that it has asked for iterations. */
  readonly isReady: boolean;
  /** Whether it has an iteration that is not over. */
  readonly isBusy: boolean;
  /** Whether it was told to end. */
  readonly isEnding: boolean;
  /** Gives a waiting user its next iteration. */
  give(iteration: Iteration): void;
  /** Ends after the current iteration, or after `onStart` if it has none. */
  finish(): void;
}

/** Gives users their iterations. */
export interface IterationSource {
  /** Whether users wait between iterations, as their type says. */
  readonly waits: boolean;
  /** Attempts of `onStart`; undefined for the default. */
  readonly startAttempts?: number;
  /**
   * The next iteration of a user that is ready for one. Undefined if there is none now: the user
   * waits until it gets one or is told to end.
   */
  next(user: GivenMember): Iteration | undefined;
  /**
   * An iteration begins.
   * @param lateMs how much after its due time; 0 without one
   * @param atMs the present time
   */
  began(lateMs: Millis, atMs: Millis): void;
  ended(user: GivenMember): void;
}

/** What a part of the load needs from its lane. */
export interface PartHost {
  /**
   * Starts a user.
   * @param item its number in the part
   * @param type index into the user types of the plan
   * @param source gives it its iterations; undefined in a closed loop
   * @param first begins with the user, before `onStart`
   */
  spawn(item: number, type: number, source?: IterationSource, first?: Iteration): GivenMember;
  /**
   * Counts what became of starts of a user type.
   * @param atMs the present time, if the caller has read the clock
   */
  count(event: ScheduleEvent, type: number, times?: number, atMs?: Millis): void;
}

/** Clock and timers. Tests pass their own. */
export interface Timing {
  now(): Millis;
  after(delayMs: Millis, action: () => void): () => void;
}
