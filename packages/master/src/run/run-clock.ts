import type { Millis } from '@drumline/model';
import { masterNowMs } from '../clock.js';
import { bootId } from '@drumline/wire';
import type { StoredClock } from '../store/run-store.js';

/** The time of a run: since its common start, without its pauses for the load, with them for the timeline. */
export class RunClock {
  private pausedSinceMs: Millis | undefined;
  private pausedBeforeMs: Millis = 0;
  private endedMs: Millis | undefined;
  private overAtMs: Millis = Infinity;
  private written: StoredClock | undefined;

  constructor(
    /** On the master's monotonic clock; a little in the future at first. */
    readonly startAtMs: Millis,
    /** The same instant by the wall clock. */
    readonly startedAt: Date,
  ) {}

  /**
   * The clock of a run that another master began. As long as the machine has not been started anew
   * its monotonic clock is the same. After that, or on another machine, the run goes on where it
   * was last written, plus the time since then.
   * @param knownMs how long the run had lasted when it was last written
   * @param idleMs how long ago that was; needed on another machine
   */
  static takeUp(stored: StoredClock, knownMs: Millis, idleMs: Millis): RunClock {
    const { startAtMs, startedAt, pausedSinceMs, pausedBeforeMs } = stored;
    const start = new Date(startedAt);
    const isSameBoot = stored.bootId !== '' && stored.bootId === bootId();
    const clock = new RunClock(isSameBoot ? startAtMs : masterNowMs() - knownMs - idleMs, start);
    clock.pausedSinceMs = pausedSinceMs;
    clock.pausedBeforeMs = pausedBeforeMs;
    return clock;
  }

  /** For another master; the same object as long as nothing changes. */
  get stored(): StoredClock {
    this.written ??= {
      startAtMs: this.startAtMs,
      bootId: bootId(),
      startedAt: this.startedAt.toISOString(),
      ...(this.pausedSinceMs === undefined ? {} : { pausedSinceMs: this.pausedSinceMs }),
      pausedBeforeMs: this.pausedBeforeMs,
    };
    return this.written;
  }

  /** Since the start, milliseconds. Stands still when the run has ended. */
  get elapsedMs(): Millis {
    return Math.max(0, (this.endedMs ?? masterNowMs()) - this.startAtMs);
  }

  /** Where in its plan the run is. */
  get runMs(): Millis {
    return this.runMsAt(this.elapsedMs);
  }

  /** Where in its plan the run was at a time since the start, if no pause has begun or ended since then. */
  runMsAt(elapsedMs: Millis): Millis {
    return this.pausedAtMs ?? elapsedMs - this.pausedBeforeMs;
  }

  get paused(): boolean {
    return this.pausedSinceMs !== undefined;
  }

  get pausedAtMs(): Millis | null {
    return this.pausedSinceMs === undefined ? null : this.pausedSinceMs - this.pausedBeforeMs;
  }

  get pausedMs(): Millis {
    return this.pausedBeforeMs;
  }

  pause(): void {
    this.pausedSinceMs ??= this.elapsedMs;
    this.written = undefined;
  }

  resume(): void {
    if (this.pausedSinceMs === undefined) return;
    this.pausedBeforeMs += this.elapsedMs - this.pausedSinceMs;
    this.pausedSinceMs = undefined;
    this.written = undefined;
  }

  /** The load was to be over at this time since the start: if that is past, there was no master to see it. */
  overAt(ms: Millis): void {
    if (ms < this.elapsedMs) this.overAtMs = ms;
  }

  /** @param countedMs when the last second with requests was over: a load that nobody saw end lasted until then */
  end(countedMs: Millis): void {
    this.endedMs ??= Math.min(masterNowMs(), this.startAtMs + Math.max(this.overAtMs, countedMs));
  }
}
