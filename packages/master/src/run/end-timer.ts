import { isOpen, loadEndMs, type Load, type Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { RunClock } from './run-clock.js';

/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

/** Lanes may begin what is due at the end this much later. */
const LAST_STARTS_MS: Millis = 250;

/** Fires at the planned end of a load. */
export class EndTimer {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: RunClock,
    private readonly onEnd: () => void,
  ) {}

  /** Schedules the planned end. Must be called again after the load or the clock has changed. */
  plan(load: Load): void {
    clearTimeout(this.timer);
    const durationMs = loadEndMs(load);
    if (durationMs === null || this.clock.paused) return;
    const marginMs = load.parts.some(({ workload }) => isOpen(workload)) ? LAST_STARTS_MS : 0;
    const leftMs = durationMs + marginMs - (monotonicMs() - this.clock.startAtMs - this.clock.pausedMs);
    if (leftMs > MAX_TIMER_MS) this.timer = setTimeout(() => this.plan(load), MAX_TIMER_MS);
    else this.timer = setTimeout(this.onEnd, Math.max(0, leftMs));
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}
