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
  /** The worker’s own rate; absent if it is unknown. */
  readonly rate?: Rate;
  /** Whether the whole worker counts as one user, because the load has a rate. */
  readonly asOneUser?: boolean;
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
  /**
   * Upper bound of the starts that did not happen, happened twice or are not counted; absent if
   * there are none.
   */
  readonly starts?: number;
}
