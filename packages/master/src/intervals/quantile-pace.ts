import { QUANTILES_EVERY, WINDOW_BLOCK_SECONDS, type QuantilesEvery } from '@drumline/stats';
import type { Millis } from '@drumline/model';

/** How the master measures its load. */
export interface LoadProbe {
  /**
   * Share of the time since the last call in which the busier of the master's two threads was not
   * idle: the event loop or the thread of the store.
   */
  readonly takeBusy: () => number;
  /** How long messages may have waited to be read. */
  readonly unreadForMs: () => Millis;
}

/** Above this share the master is overloaded. */
const TOO_BUSY = 0.7;
/** Messages that wait longer also show an overload. */
const TOO_LATE_MS: Millis = 1_000;
/** Load is averaged over this time at least, and over a whole window. */
const AVERAGED_SECONDS = 3;
/**
 * Below this share the master can take more. The next finer step costs two and a half times as much
 * at most, so it does not lead to an overload.
 */
const IDLE = 0.25;
/** Windows are spread over several seconds if there are more. Merging one takes 5 µs at most. */
const ENTRIES_A_SECOND = 20_000;
/** How long the master must be idle. Doubled each time that a finer step led to an overload. */
const IDLE_SECONDS = 30;
const MAX_IDLE_SECONDS = 600;
/** An overload within this time after a finer step is due to that step. */
const RELAPSE_SECONDS = 60;

/**
 * Decides how often workers report the response times of each series: every second while the
 * master's load allows, otherwise every two, five or ten. Counts are reported every second.
 */
export class QuantilePace {
  /** The present step. The workers are told with each heartbeat. */
  everySeconds: QuantilesEvery = 1;
  /** In so many groups, a second apart, workers report a window. */
  groups = 1;
  /** Whether workers may have response times of several seconds that they have not reported. */
  private hasWindows = false;
  private readonly sum = { busy: 0, seconds: 0, isLate: false };
  private idleForSeconds = 0;
  private idleSeconds = IDLE_SECONDS;
  private finerForSeconds = Infinity;

  /** @param probe measures the load; without it, only `set` changes the step */
  constructor(private readonly probe?: LoadProbe) {}

  /** Another master may have chosen a coarser step. */
  resume(): void {
    this.hasWindows = true;
  }

  /** Changes the step. */
  set(everySeconds: QuantilesEvery): void {
    this.everySeconds = everySeconds;
    this.hasWindows ||= everySeconds > 1;
  }

  /**
   * The second from which a reset in this second can count exactly. With windows it is a later one:
   * response times of counts that were discarded must not be reported with those of later ones.
   */
  resetSecond(second: number): number {
    if (!this.hasWindows) return second;
    return (Math.floor(second / WINDOW_BLOCK_SECONDS) + 1) * WINDOW_BLOCK_SECONDS;
  }

  /**
   * Called for each second that has closed.
   * @param entries of a window: workers times series
   */
  closed(entries = 0): void {
    this.groups = Math.max(1, Math.min(this.everySeconds, Math.ceil(entries / ENTRIES_A_SECOND)));
    const { probe, sum } = this;
    if (!probe) return;
    sum.busy += probe.takeBusy();
    sum.seconds += 1;
    sum.isLate ||= probe.unreadForMs() >= TOO_LATE_MS;
    this.finerForSeconds += 1;
    if (sum.seconds >= Math.max(AVERAGED_SECONDS, this.everySeconds)) this.decide();
  }

  private decide(): void {
    const { seconds, isLate } = this.sum;
    const busy = this.sum.busy / seconds;
    Object.assign(this.sum, { busy: 0, seconds: 0, isLate: false });
    this.idleForSeconds = busy < IDLE && !isLate ? this.idleForSeconds + seconds : 0;
    if (busy > TOO_BUSY || isLate) this.coarser();
    else if (this.idleForSeconds >= this.idleSeconds) this.finer();
  }

  private coarser(): void {
    const next = QUANTILES_EVERY[QUANTILES_EVERY.indexOf(this.everySeconds) + 1];
    if (next === undefined) return;
    if (this.finerForSeconds <= RELAPSE_SECONDS)
      this.idleSeconds = Math.min(MAX_IDLE_SECONDS, 2 * this.idleSeconds);
    this.finerForSeconds = Infinity;
    this.set(next);
  }

  private finer(): void {
    const next = QUANTILES_EVERY[QUANTILES_EVERY.indexOf(this.everySeconds) - 1];
    if (next === undefined) return;
    this.idleForSeconds = 0;
    this.finerForSeconds = 0;
    this.set(next);
  }
}
