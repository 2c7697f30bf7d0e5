import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import { bootId } from '@drumline/wire';
import type { Pause, StoredClock } from '../store/run-store.js';

/** Times before the oldest of these pauses are not asked for. */
const MAX_PAUSES = 100;

/** The time of a run since its start: without pauses for the load, with pauses for the timeline. */
export class RunClock {
  private pausedSinceMs: Millis | undefined;
  private pausedBeforeMs: Millis = 0;
  /** The recent pauses that have ended, ascending. */
  private pauses: readonly Pause[] = [];
  private endedMs: Millis | undefined;
  private overAtMs: Millis = Infinity;
  private orderedEndMs: Millis | undefined;
  private written: StoredClock | undefined;

  constructor(
    /** On the master's monotonic clock; slightly in the future at first. */
    readonly startAtMs: Millis,
    /** The same instant on the wall clock. */
    readonly startedAt: Date,
  ) {}

  /**
   * Restores the clock of a run that another master began. Until the machine reboots, its monotonic
   * clock stays the same. After a reboot or on another machine, the run continues from its last
   * write plus the time since then.
   * @param knownMs how long the run had lasted at its last write
   * @param idleMs time since that write; needed after a reboot or on another machine
   */
  static restore(stored: StoredClock, knownMs: Millis, idleMs: Millis): RunClock {
    const { startAtMs, startedAt, pausedSinceMs, pausedBeforeMs, pauses = [], orderedEndMs } = stored;
    const start = new Date(startedAt);
    const isSameBoot = stored.bootId !== '' && stored.bootId === bootId();
    const clock = new RunClock(isSameBoot ? startAtMs : monotonicMs() - knownMs - idleMs, start);
    clock.pausedSinceMs = pausedSinceMs;
    clock.pausedBeforeMs = pausedBeforeMs;
    clock.pauses = pauses;
    if (orderedEndMs !== undefined) clock.orderedEndMs = orderedEndMs;
    return clock;
  }

  /** The state to store for another master. Returns the same object until it changes. */
  get stored(): StoredClock {
    this.written ??= {
      startAtMs: this.startAtMs,
      bootId: bootId(),
      startedAt: this.startedAt.toISOString(),
      ...(this.pausedSinceMs === undefined ? {} : { pausedSinceMs: this.pausedSinceMs }),
      pausedBeforeMs: this.pausedBeforeMs,
      ...(this.pauses.length === 0 ? {} : { pauses: this.pauses }),
      ...(this.orderedEndMs === undefined ? {} : { orderedEndMs: this.orderedEndMs }),
    };
    return this.written;
  }

  /** Milliseconds since the start. Stops when the run ends. */
  get elapsedMs(): Millis {
    return Math.max(0, (this.endedMs ?? monotonicMs()) - this.startAtMs);
  }

  /** The position in the plan, milliseconds. */
  get runMs(): Millis {
    return this.runMsAt(this.elapsedMs);
  }

  /** The position in the plan at a time since the start. */
  runMsAt(elapsedMs: Millis): Millis {
    let pausedMs = this.pausedBeforeMs;
    for (const { fromMs, toMs } of this.pauses.toReversed()) {
      if (elapsedMs >= toMs) break;
      pausedMs -= toMs - Math.max(fromMs, elapsedMs);
    }
    return Math.min(this.pausedAtMs ?? Infinity, elapsedMs - pausedMs);
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
    const pause = { fromMs: this.pausedSinceMs, toMs: this.elapsedMs };
    this.pausedBeforeMs += pause.toMs - pause.fromMs;
    this.pauses = [...this.pauses, pause].slice(-MAX_PAUSES);
    this.pausedSinceMs = undefined;
    this.written = undefined;
  }

  /**
   * Sets the planned end of the load after a resume. If it has passed, no master was running at
   * that time.
   */
  overAt(ms: Millis): void {
    if (ms < this.elapsedMs) this.overAtMs = ms;
  }

  /** The end of the load is ordered. Only the first call counts, also that of an earlier master. */
  orderEnd(): void {
    if (this.orderedEndMs !== undefined) return;
    this.orderedEndMs = this.runMs;
    this.written = undefined;
  }

  /** When the end of the load was ordered, in run time; the present run time before. */
  get endOrderedMs(): Millis {
    return this.orderedEndMs ?? this.runMs;
  }

  /**
   * Stops the clock. @param countedMs end of the last second with requests; used if the load ended
   * without a master
   */
  end(countedMs: Millis): void {
    this.endedMs ??= Math.min(monotonicMs(), this.startAtMs + Math.max(this.overAtMs, countedMs));
  }
}
