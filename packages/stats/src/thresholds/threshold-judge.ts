import type { Threshold, ThresholdSubject } from '@drumline/model';
import type { IntervalDelta } from '../delta.js';
import { Judged, type StoredJudgment, type Judgment, type ThresholdState } from './judged.js';
import { SubjectCounts } from './subject-counts.js';

/** How the thresholds of a run stood when another master judged them. */
export interface StoredThreshold extends StoredJudgment {
  /** The first second with data of its subject. */
  readonly firstSecond?: number;
}

/**
 * Judges the thresholds of a run, second by second. Counts may be added in any order. The final
 * judgment depends only on their sum, and that of windows only on the sum of each second.
 */
export class ThresholdJudge {
  private readonly subjects = new Map<string, SubjectCounts>();
  private readonly bySubject = new WeakMap<ThresholdSubject, SubjectCounts>();
  private readonly judged: readonly Judged[];
  private loadEnd = Infinity;
  private taken: StoredThreshold[] | undefined;

  constructor(
    readonly thresholds: readonly Threshold[],
    fromSecond = 0,
  ) {
    this.judged = thresholds.map((one) => new Judged(one, this.countsOf(one), fromSecond));
  }

  /** Adds what a second has gained, before or after it was closed. */
  add(delta: IntervalDelta): void {
    const { second } = delta;
    const changed = new Map([...this.subjects.values()].map((counts) => [counts, counts.add(delta)]));
    for (const one of this.judged) {
      const to = changed.get(this.countsOf(one.threshold));
      if (to !== undefined) one.changed(second, to);
    }
  }

  /** Judges after a second has closed. @returns the thresholds that are broken or have recovered */
  close(second: number): ThresholdState[] {
    this.taken = undefined;
    const changed: ThresholdState[] = [];
    for (const one of this.judged) {
      const before = one.state.isBroken;
      one.close(second, second < this.loadEnd);
      const { state } = one;
      if (state.isBroken !== before) changed.push(state);
    }
    for (const { seconds } of this.subjects.values()) seconds?.trim(second);
    return changed;
  }

  /** The load ends with this second: later ones cannot break lower bounds. */
  endLoad(second: number): void {
    this.loadEnd = Math.min(this.loadEnd, second);
  }

  get states(): ThresholdState[] {
    return this.judged.map((one) => one.state);
  }

  /** Marks and returns the threshold that ends the run now, if there is one. */
  abort(): Threshold | undefined {
    const aborting = this.judged.find((one) => one.aborts);
    this.taken = undefined;
    if (aborting) aborting.hasAborted = true;
    return aborting?.threshold;
  }

  /**
   * The final judgments, in the order of the thresholds.
   * @param endSecond the newest second of the run
   * @param seconds the exact length of the run since the last reset
   */
  finish(endSecond: number, seconds: number): Judgment[] {
    return this.judged.map((one) => one.finish(endSecond, seconds));
  }

  /** What another master needs. The same object until a second is closed. */
  get stored(): readonly StoredThreshold[] {
    this.taken ??= this.judged.map((one) => {
      const { firstSecond } = this.countsOf(one.threshold);
      return { ...one.stored, ...(firstSecond !== undefined && { firstSecond }) };
    });
    return this.taken;
  }

  /**
   * Continues the judgment of another master.
   * @param earlier the sum of counts before `fromSecond`; windows that begin there are not judged
   * @param deltas counts by second
   */
  restore(
    stored: readonly StoredThreshold[],
    earlier: Iterable<IntervalDelta>,
    deltas: Iterable<IntervalDelta>,
    fromSecond: number,
  ): void {
    for (const { seconds } of this.subjects.values()) seconds?.reset(fromSecond);
    const first = new Map(
      this.judged.map((one, i) => [this.countsOf(one.threshold), stored[i]?.firstSecond]),
    );
    for (const delta of earlier) for (const [counts, from] of first) counts.addEarlier(delta, from);
    for (const delta of deltas) for (const counts of first.keys()) counts.add(delta);
    for (const [counts, from] of first) if (from !== undefined) counts.firstSecond = from;
    this.judged.forEach((one, index) => {
      const history = stored[index];
      if (history) one.restore(history);
    });
  }

  /** Discards everything before this second. */
  reset(fromSecond: number): void {
    this.taken = undefined;
    for (const counts of this.subjects.values()) counts.reset(fromSecond);
    for (const one of this.judged) one.reset(fromSecond);
  }

  /** The counts of the subject of a threshold, which thresholds of the same subject share. */
  private countsOf({ subject }: Threshold): SubjectCounts {
    const mine = this.bySubject.get(subject);
    if (mine) return mine;
    const counts = this.sharedCounts(subject);
    this.bySubject.set(subject, counts);
    return counts;
  }

  private sharedCounts(subject: ThresholdSubject): SubjectCounts {
    const id = JSON.stringify(subject);
    const known = this.subjects.get(id);
    if (known) return known;
    const windows = this.thresholds
      .filter((one) => JSON.stringify(one.subject) === id)
      .map(({ windowSeconds = 0 }) => windowSeconds);
    const counts = new SubjectCounts(subject, Math.max(0, ...windows));
    this.subjects.set(id, counts);
    return counts;
  }
}
