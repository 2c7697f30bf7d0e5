import { bytesOf, cutDelta, mergeDeltas, type IntervalDelta } from '@drumline/stats';

/** Bounds of what is kept; whatever goes beyond costs the timeline's resolution, never a count. */
export interface BacklogLimits {
  readonly intervals: number;
  /** By `bytesOf`; held as soon as more than one interval is kept. */
  readonly bytes: number;
  /** Of an interval; those beyond are counted together. */
  readonly series: number;
}

const LIMITS: BacklogLimits = { intervals: 600, bytes: 16 * 1024 * 1024, series: Infinity };

interface Interval {
  readonly delta: IntervalDelta;
  readonly bytes: number;
}

/**
 * What lanes have gained and no report holds yet, merged by second. When that becomes too much, as in a long partition, ten
 * seconds are folded into one interval, then a hundred, and so on, until there is room: of ten minutes every second is known, of an
 * hour and a half every ten. When all is taken, seconds are seconds again.
 */
export class Backlog {
  /** So many seconds are one interval; 1 as long as nothing is folded. */
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

  /** Merges what was added since; call it about once a second. */
  absorb(): void {
    if (this.intervals.size === 0) this.foldedToSeconds = 1;
    this.merge(this.fresh);
    this.fresh = [];
    while (this.intervals.size > 1 && this.isTooMuch) {
      this.foldedToSeconds *= 10;
      this.merge([...this.intervals.keys()].map((second) => this.remove(second)));
    }
  }

  /** Takes about so many bytes of what was absorbed, the oldest first, and a bit at the least if there is anything. */
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

  /** Takes back what was taken last. */
  giveBack(deltas: readonly IntervalDelta[]): void {
    this.merge(deltas);
  }

  /** Whether there is something to take. */
  get absorbed(): boolean {
    return this.intervals.size > 0;
  }

  get empty(): boolean {
    return this.intervals.size === 0 && this.fresh.length === 0;
  }

  /** Everything that is kept. */
  get deltas(): IntervalDelta[] {
    return [...[...this.intervals.values()].map(({ delta }) => delta), ...this.fresh];
  }

  private get isTooMuch(): boolean {
    return this.intervals.size > this.limits.intervals || this.bytes > this.limits.bytes;
  }

  private merge(deltas: readonly IntervalDelta[]): void {
    const folded = deltas.map((delta) => ({
      ...delta,
      second: delta.second - (delta.second % this.foldedToSeconds),
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
