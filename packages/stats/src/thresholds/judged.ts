import { isLowerBound, meets, type Threshold } from '@drumline/model';
import { History, type StoredHistory } from './history.js';
import { observedIn } from './observe.js';
import type { SubjectCounts } from './subject-counts.js';

/** How a threshold stands at present. */
export interface ThresholdState {
  readonly threshold: Threshold;
  /** The latest figure; undefined if there is none. */
  readonly observed?: number | undefined;
  readonly isBroken: boolean;
  readonly brokenSeconds: number;
}

/** The final judgment of a threshold. */
export interface Judgment {
  readonly threshold: Threshold;
  /** The figure of the run, or that of the worst window. Undefined without data. */
  readonly observed?: number | undefined;
  readonly passed: boolean;
  readonly firstBrokenSecond?: number | undefined;
  readonly brokenSeconds: number;
  /** Whether it ended the run. */
  readonly aborted: boolean;
}

/** How a threshold stood when another master judged it. */
export interface StoredJudgment extends StoredHistory {
  /** The newest second whose window was judged. */
  readonly judgedThrough: number;
  /** Whether it has ended the run. */
  readonly aborted?: true;
}

/** Statistics that only grow while the run goes on. */
const GROWING = new Set(['count', 'failures', 'exceptions', 'dropped', 'late', 'skipped', 'passes', 'fails']);

/** One threshold of a run. */
export class Judged {
  readonly #history: History;
  /** The newest second of which the window was judged. */
  #judged: number;
  /** The newest second whose window counts. */
  #closed = -1;
  /** Judged windows from this one on must be judged again. */
  #dirty = Infinity;
  /** The range of dirty windows ends here. */
  #dirtyTo = -1;
  /** Whether it has ended the run. It fails then, whatever later counts show. */
  hasAborted = false;

  constructor(
    readonly threshold: Threshold,
    private readonly counts: SubjectCounts,
    private fromSecond: number,
  ) {
    const lower = isLowerBound(threshold);
    this.#history = new History((one, other) => (lower ? one < other : one > other));
    this.#judged = fromSecond - 1;
  }

  get state(): ThresholdState {
    const { isBroken, latest, brokenSeconds } = this.#history;
    return { threshold: this.threshold, observed: latest, isBroken, brokenSeconds };
  }

  /** Whether it has been broken for so long that the run ends. */
  get aborts(): boolean {
    const { abort } = this.threshold;
    if (!abort) return false;
    const { streak } = this.#history;
    return streak > 0 && streak * 1_000 >= abort.afterMs;
  }

  /**
   * Seconds have gained counts, or can be part of windows now. Windows that were judged with them
   * are judged again.
   */
  changed(fromSecond: number, toSecond: number): void {
    const { windowSeconds } = this.threshold;
    if (windowSeconds === undefined || fromSecond > this.#judged) return;
    this.#dirty = Math.min(this.#dirty, fromSecond);
    this.#dirtyTo = Math.max(this.#dirtyTo, toSecond + windowSeconds - 1);
  }

  /** Judges up to this second. @param isLoaded whether the load has not ended yet */
  close(second: number, isLoaded: boolean): void {
    if (this.threshold.windowSeconds === undefined) return this.judgeRun(second);
    if (isLoaded || !isLowerBound(this.threshold)) this.#closed = second;
    this.judgeWindows();
  }

  /**
   * @param endSecond the newest second of the run
   * @param seconds its exact length since the reset
   */
  finish(endSecond: number, seconds: number): Judgment {
    const { threshold } = this;
    this.judgeWindows();
    const { brokenSeconds, firstBroken, worst } = this.#history;
    const isWindowed = threshold.windowSeconds !== undefined && worst !== undefined;
    const whole = this.figureOfRun(seconds);
    const observed = this.counts.hasData(threshold) ? (isWindowed ? worst : whole) : undefined;
    const isMet = observed !== undefined && (isWindowed ? brokenSeconds === 0 : meets(threshold, observed));
    const passed = isMet && !this.hasAborted;
    // What only the end can show was broken at the end.
    const isBrokenAtEnd = observed !== undefined && !passed && brokenSeconds === 0;
    return {
      threshold,
      observed,
      passed,
      firstBrokenSecond: firstBroken ?? (isBrokenAtEnd ? endSecond : undefined),
      brokenSeconds,
      aborted: this.hasAborted,
    };
  }

  get stored(): StoredJudgment {
    return {
      ...this.#history.stored,
      judgedThrough: this.#judged,
      ...(this.hasAborted && { aborted: true as const }),
    };
  }

  /** Continues after the seconds that another master has judged. */
  restore(stored: StoredJudgment): void {
    this.#history.restore(stored);
    this.#judged = stored.judgedThrough;
    this.hasAborted = stored.aborted === true;
  }

  reset(fromSecond: number): void {
    this.#history.reset();
    this.fromSecond = fromSecond;
    this.#judged = fromSecond - 1;
    this.#closed = -1;
    this.#dirty = Infinity;
    this.#dirtyTo = -1;
  }

  private judgeRun(second: number): void {
    const { threshold } = this;
    const observed = this.figureOfRun(second + 1 - this.fromSecond);
    const isBroken = observed !== undefined && this.isBrokenFor(observed) && this.counts.hasData(threshold);
    this.#history.set(second, observed, isBroken);
  }

  /** Whether a figure of the run breaks the threshold before the run is over. */
  private isBrokenFor(observed: number): boolean {
    const { threshold } = this;
    if (meets(threshold, observed)) return false;
    const { statistic, unit, operator, limit } = threshold;
    const grows = (unit === 'count' && GROWING.has(statistic)) || statistic === 'sum';
    if (!grows) return true;
    // It can still be met, as long as the figure is too small.
    return operator === '==' ? observed > limit : !isLowerBound(threshold);
  }

  /** Judges the windows that have changed, then those that can be judged now. */
  private judgeWindows(): void {
    if (this.threshold.windowSeconds === undefined) return;
    this.judgeAgain();
    const until = this.counts.endsEarly ? Math.min(this.#closed, this.counts.lastSecond) : this.#closed;
    while (this.#judged < until) {
      this.#judged += 1;
      this.judgeWindow(this.#judged);
    }
  }

  private judgeAgain(): void {
    const to = Math.min(this.#dirtyTo, this.#judged);
    for (let second = this.#dirty; second <= to; second += 1) this.judgeWindow(second);
    this.#dirty = Infinity;
    this.#dirtyTo = -1;
  }

  /** Judges the window that ends with this second, if it is complete and its seconds are known. */
  private judgeWindow(second: number): void {
    const { threshold, counts } = this;
    const seconds = threshold.windowSeconds!;
    const from = second - seconds + 1;
    const begins = counts.beginsLate ? (counts.firstSecond ?? Infinity) : this.fromSecond;
    if (from < Math.max(begins, counts.seconds!.from)) return;
    const sum = counts.seconds!.sum(from, second);
    const observed = observedIn(threshold, threshold.subject.kind, sum, seconds);
    if (observed === undefined && sum.isUntimed) return this.#history.hold(second);
    this.#history.set(second, observed, observed !== undefined && !meets(threshold, observed));
  }

  private figureOfRun(seconds: number): number | undefined {
    const { counts, threshold } = this;
    const time = counts.endsEarly ? counts.spanSeconds : seconds;
    return observedIn(threshold, threshold.subject.kind, counts.total, Math.max(0.001, time));
  }
}
