import type { Millis } from '@drumline/model';
import type { Timing } from './member.js';

/** The time of the run, which stands still during pauses. */
export class RunClock {
  /** Start of the run on the clock of `Timing`; undefined before it is known. */
  startAtMs: Millis | undefined;
  /** Run time at which the run is paused; null while it is running. */
  pausedAtMs: Millis | null = null;
  /** Total of earlier pauses. */
  pausedMs: Millis = 0;

  constructor(private readonly timing: Pick<Timing, 'now'>) {}

  /** Undefined before the start of the run is known. */
  get runMs(): Millis | undefined {
    if (this.startAtMs === undefined) return undefined;
    return this.pausedAtMs ?? this.timing.now() - this.startAtMs - this.pausedMs;
  }

  /** When a run time is reached, on the clock of `Timing`. */
  toClock(runMs: Millis): Millis {
    return (this.startAtMs ?? 0) + this.pausedMs + runMs;
  }
}
