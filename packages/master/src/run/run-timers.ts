import { profileDurationMs, type LoadProfile, type Millis } from '@drumline/model';
import { masterNowMs } from '../clock.js';
import type { RunClock } from './run-clock.js';

/** Time after a second by which its reports have arrived. */
const INTERVAL_LAG_MS = 600;
/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

/**
 * The timers of a run: one for each second once its reports have arrived, and one for the planned
 * end.
 */
export class RunTimers {
  private endTimer: NodeJS.Timeout | undefined;
  private secondTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: RunClock,
    private readonly onSecond: (second: number) => void,
    private readonly onEnd: () => void,
    fromSecond = 0,
  ) {
    this.awaitSecond(fromSecond);
  }

  /** Reschedules the planned end. Must be called after the load or the clock has changed. */
  planEnd(load: LoadProfile): void {
    clearTimeout(this.endTimer);
    const durationMs = profileDurationMs(load);
    if (durationMs === null || this.clock.paused) return;
    const leftMs = durationMs - (masterNowMs() - this.clock.startAtMs - this.clock.pausedMs);
    if (leftMs > MAX_TIMER_MS) this.endTimer = setTimeout(() => this.planEnd(load), MAX_TIMER_MS);
    else this.endTimer = setTimeout(this.onEnd, Math.max(0, leftMs));
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
        this.onSecond(second);
        this.awaitSecond(second + 1);
      },
      Math.max(0, dueMs - masterNowMs()),
    );
  }
}
