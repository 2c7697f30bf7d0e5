import type { Millis } from '@drumline/model';
import { masterNowMs } from './clock.js';

/** The time of a run: since its common start, without its pauses for the load, with them for the timeline. */
export class RunClock {
  private pausedSinceMs: Millis | undefined;
  private pausedBeforeMs: Millis = 0;
  private endedMs: Millis | undefined;

  constructor(
    /** On the master's monotonic clock; a little in the future at first. */
    readonly startAtMs: Millis,
    /** The same instant by the wall clock. */
    readonly startedAt: Date,
  ) {}

  /** Since the start, milliseconds. Stands still when the run has ended. */
  get elapsedMs(): Millis {
    return Math.max(0, (this.endedMs ?? masterNowMs()) - this.startAtMs);
  }

  /** Where in its plan the run is. */
  get runMs(): Millis {
    return this.pausedAtMs ?? this.elapsedMs - this.pausedBeforeMs;
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
  }

  resume(): void {
    if (this.pausedSinceMs === undefined) return;
    this.pausedBeforeMs += this.elapsedMs - this.pausedSinceMs;
    this.pausedSinceMs = undefined;
  }

  end(): void {
    this.endedMs ??= masterNowMs();
  }
}
