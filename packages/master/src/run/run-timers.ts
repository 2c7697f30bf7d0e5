import { profileDurationMs, type LoadProfile, type Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { RunClock } from './run-clock.js';

/** Time after a second by which its reports have arrived. */
const INTERVAL_LAG_MS = 600;
/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

export interface RunTimerEvents {
  /** The reports of a second should have arrived. */
  second(second: number): void;
  /** The planned end of the load is reached. */
  end(): void;
}

/**
 * The timers of a run: one for each second once its reports have arrived, and one for the planned
 * end.
 */
export class RunTimers {
  private endTimer: NodeJS.Timeout | undefined;
  private secondTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: RunClock,
    private readonly events: RunTimerEvents,
    fromSecond: number,
  ) {
    this.awaitSecond(fromSecond);
  }

  /** Reschedules the planned end. Must be called after the load or the clock has changed. */
  planEnd(load: LoadProfile): void {
    clearTimeout(this.endTimer);
    const durationMs = profileDurationMs(load);
    if (durationMs === null || this.clock.paused) return;
    const leftMs = durationMs - (monotonicMs() - this.clock.startAtMs - this.clock.pausedMs);
    if (leftMs > MAX_TIMER_MS) this.endTimer = setTimeout(() => this.planEnd(load), MAX_TIMER_MS);
    else this.endTimer = setTimeout(() => this.events.end(), Math.max(0, leftMs));
  }

  cancelEnd(): void {
    clearTimeout(this.endTimer);
  }

  close(): void {
    clearTimeout(this.endTimer);
    clearTimeout(this.secondTimer);
  }

  private awaitSecond(second: number): void {
    const dueMs = this.clock.startAtMs + (second + 1) * 1_000 + INTERVAL_LAG_MS;
    this.secondTimer = setTimeout(
      () => {
        this.events.second(second);
        this.awaitSecond(second + 1);
      },
      Math.max(0, dueMs - monotonicMs()),
    );
  }
}
