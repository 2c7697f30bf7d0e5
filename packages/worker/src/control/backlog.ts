import { bytesOf, cutDelta, mergeDeltas, type IntervalDelta } from '@drumline/stats';

/** Limits of the backlog. Beyond them the timeline loses resolution, but no counts are lost. */
export interface BacklogLimits {
  readonly intervals: number;
  /** Measured by `bytesOf`. Applies as soon as there is more than one interval. */
  readonly bytes: number;
  /** Per interval; the rest is counted together. */
  readonly series: number;
}

const LIMITS: BacklogLimits = { intervals: 600, bytes: 16 * 1024 * 1024, series: Infinity };

interface Interval {
  readonly delta: IntervalDelta;
  readonly bytes: number;
}

/**
 * Counts of the lanes that are in no report yet, merged by second. When they exceed the limits, as
 * in a long partition, ten seconds are folded into one interval, then a hundred, and so on. So ten
 * minutes keep every second, and an hour and a half every ten. Folding ends when the backlog is
 * empty.
 */
export class Backlog {
  /** Seconds per interval; 1 while nothing is folded. */
  foldedToSeconds = 1;
  private fresh: IntervalDelta[] = [];
  private readonly intervals = new Map<number, Interval>();
  private bytes = 0;

  private readonly limits: BacklogLimits;

  constructor(limits: Partial<BacklogLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  add(deltas: readonly IntervalDelta[]): void {
    this.fresh.push(...deltas);
  }

  /** Merges what was added. Must be called about once a second. */
  absorb(): void {
    if (this.intervals.size === 0) this.foldedToSeconds = 1;
    this.merge(this.fresh);
    this.fresh = [];
    while (this.intervals.size > 1 && this.isTooMuch) {
      this.foldedToSeconds *= 10;
      this.merge([...this.intervals.keys()].map((second) => this.remove(second)));
    }
  }

  /**
   * Takes about `maxBytes` of the absorbed counts, the oldest first; at least some if there are
   * any.
   */
  take(maxBytes: number): IntervalDelta[] {
    const taken: IntervalDelta[] = [];
    let roomBytes = maxBytes;
    for (const second of [...this.intervals.keys()].sort((a, b) => a - b)) {
      const { bytes } = this.intervals.get(second)!;
      if (taken.length > 0 && bytes > roomBytes) break;
      const delta = this.remove(second);
      const { part, rest } = bytes > roomBytes ? cutDelta(delta, roomBytes) : { part: delta };
      taken.push(part);
      if (rest) this.keep(rest);
      roomBytes -= bytes;
    }
    return taken;
  }

  /** Puts back what was taken last. */
  giveBack(deltas: readonly IntervalDelta[]): void {
    this.merge(deltas);
  }

  /** Whether there is anything to take. */
  get absorbed(): boolean {
    return this.intervals.size > 0;
  }

  get empty(): boolean {
    return this.intervals.size === 0 && this.fresh.length === 0;
  }

  get deltas(): IntervalDelta[] {
    return [...[...this.intervals.values()].map(({ delta }) => delta), ...this.fresh];
  }

  private get isTooMuch(): boolean {
    return this.intervals.size > this.limits.intervals || this.bytes > this.limits.bytes;
  }

  private merge(deltas: readonly IntervalDelta[]): void {
    const fold = (second: number): number => second - (second % this.foldedToSeconds);
    const folded = deltas.map(({ windows, ...delta }) => ({
      ...delta,
      second: fold(delta.second),
      ...(windows && {
        windows: windows.map((window) => ({ ...window, fromSecond: fold(window.fromSecond) })),
      }),
    }));
    const touched = [...new Set(folded.map(({ second }) => second))].filter((second) =>
      this.intervals.has(second),
    );
    const before = touched.map((second) => this.remove(second));
    for (const delta of mergeDeltas([...before, ...folded], this.limits.series)) this.keep(delta);
  }

  private keep(delta: IntervalDelta): void {
    const bytes = bytesOf(delta);
    this.bytes += bytes;
    this.intervals.set(delta.second, { delta, bytes });
  }

  private remove(second: number): IntervalDelta {
    const { delta, bytes } = this.intervals.get(second)!;
    this.bytes -= bytes;
    this.intervals.delete(second);
    return delta;
  }
}
