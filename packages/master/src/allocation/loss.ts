import type { Millis } from '@drumline/model';
import type { Rate } from './pace.js';

/** What a loss may have left out of the report. */
export interface Uncounted {
  readonly fromMs: Millis;
  /** When it must have stopped. */
  readonly untilMs: Millis;
  /**
   * The users that it may have run until then, multiplied by seconds: five users for two seconds
   * are ten.
   */
  readonly userSeconds: number;
  /** The same until its last sign of life. */
  readonly likelyUserSeconds: number;
  /**
   * The worker’s own rate: of a user, or of the whole worker if `starts` is set, which then counts
   * as one user. Absent if it is unknown.
   */
  readonly rate?: Rate;
  /** Starts that were due in that time: arrivals or iterations; absent if the load has no rate. */
  readonly starts?: number;
  /** Requests that may have been in flight: seen by the target, but not finished. */
  readonly inFlight: number;
  /** Number of lanes that were lost. */
  readonly lanes: number;
}

/** A worker or lane that was lost during the run. */
export interface Loss {
  readonly worker: string;
  /** Absent if the whole worker was lost. */
  readonly lane?: number;
  readonly host: string;
  readonly atMs: Millis;
  readonly reason: string;
  readonly returned: boolean;
  /** Number of losses that this one stands for; absent if it is one. */
  readonly times?: number;
  readonly uncounted?: Uncounted;
}
