import type { Millis } from '@drumline/model';
import type { Grant } from './slot-grants.js';
import type { SlotStarts } from './slot-starts.js';

/** The starts of a part until its rate was changed. */
interface Former {
  readonly starts: SlotStarts;
  /** When the rate was changed, in run time. */
  readonly untilMs: Millis;
  /** The epoch that tells workers of the change. */
  readonly epoch: number;
}

/** A worker that can be reached follows a changed rate after at most this time. */
const KNOWN_WITHIN_MS: Millis = 2_000;
/** Workers do not miss more changes than this. */
const MAX_FORMER = 100;
/** Number of periods in which the rate with the most starts counts. */
const PERIODS = 10;

/** The starts of a part by its rate, and by former rates that workers may still follow. */
export class KnownStarts {
  private former: readonly Former[] = [];

  constructor(private current: SlotStarts) {}

  get now(): SlotStarts {
    return this.current;
  }

  change(starts: SlotStarts, runMs: Millis, epoch: number): void {
    const former = { starts: this.current, untilMs: runMs, epoch };
    this.former = [...this.former, former].slice(-MAX_FORMER);
    this.current = starts;
  }

  /**
   * The most starts that are due on the slots of some grants in a time.
   * @param epoch that their worker knows
   */
  atMost(grants: readonly Grant[], fromMs: Millis, toMs: Millis, epoch = Infinity): number {
    const followed = this.former.filter((one) => one.epoch > epoch || one.untilMs + KNOWN_WITHIN_MS > fromMs);
    if (followed.length === 0 || toMs === Infinity) return this.current.atMost(grants, fromMs, toMs);
    const all = [this.current, ...followed.map(({ starts }) => starts)];
    const periodMs = (toMs - fromMs) / PERIODS;
    let most = 0;
    for (let period = 0; period < PERIODS; period += 1) {
      const startMs = fromMs + period * periodMs;
      most += Math.max(...all.map((starts) => starts.atMost(grants, startMs, startMs + periodMs)));
    }
    return most;
  }
}
