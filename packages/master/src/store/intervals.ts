import {
  mergeDeltas,
  requestsIn,
  SecondSum,
  StatsTally,
  withWindows,
  type IntervalDelta,
} from '@drumline/stats';
import { decodeDelta, encodeDelta } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { LoadOfSecond, StoredPoint } from '../intervals/stored-counts.js';
import { encodedSum, failuresIn, IntervalRows, type EncodedSum } from './interval-rows.js';
import { writePoints } from './points.js';
import { readLoad, writeLoad } from './load-rows.js';
import { checkpointEnd, totalsIn } from './read-intervals.js';
import { roundSeries } from './round-series.js';

/** When seconds are added to the checkpoint. */
export interface CheckpointTerms {
  /** A second counts as complete after this time. Later counts are added separately. */
  readonly lagSeconds: number;
  /** Seconds between two checkpoints. */
  readonly everySeconds: number;
  /**
   * Maximum time that a large checkpoint is delayed. It is delayed while little was written since
   * the last one.
   */
  readonly atMostSeconds: number;
  /**
   * Time that one transaction may spend on the checkpoint, milliseconds. It always adds as many
   * seconds as the transaction wrote and one more, so that it never falls behind.
   */
  readonly budgetMs: number;
  /** Length of the intervals in `tiers`. A checkpoint ends with one of them. */
  readonly tierSeconds: number;
}

export const CHECKPOINT_TERMS: CheckpointTerms = {
  lagSeconds: 10,
  everySeconds: 60,
  atMostSeconds: 600,
  budgetMs: 25,
  tierSeconds: 10,
};

const NOTHING: IntervalDelta = { second: 0, series: [], checks: [], metrics: [], exceptions: [] };

/** The next checkpoint, in progress. */
interface Draft {
  /** Counts before the interval that contains `until`. */
  readonly totals: StatsTally;
  /** Counts of the interval that contains `until`, from its start. */
  readonly tier: StatsTally;
  /** Seconds before this one are in `totals` or `tier`. */
  until: number;
  /** The seconds from the last checkpoint to `until`. */
  readonly seconds: Map<number, Summed>;
  /** Size of the intervals written since the last checkpoint. */
  writtenBytes: number;
}

/** A second that is in the next checkpoint. */
interface Summed {
  /** Absent if nothing was counted. */
  readonly sum: EncodedSum | undefined;
  readonly point: StoredPoint;
}

/**
 * The tables of counts. Every call must be part of a transaction of the caller. Creates
 * checkpoints, so that only the last minutes must be read in full.
 */
export class Intervals {
  /** Seconds before this one are in the checkpoint of the file. */
  private until: number;
  /** The value of `until` in the last committed transaction. */
  private committedUntil: number;
  private checkpointBytes = 0;
  private newest = -1;
  /** Number of seconds written since the last call of `advance`. */
  private written = 0;
  private draft: Draft | undefined;
  /** Cache of the newest seconds, which are likely to change again. */
  private readonly recent = new Map<number, IntervalDelta>();

  private readonly rows: IntervalRows;

  constructor(
    private readonly db: Sqlite,
    /** The limit of the run. */
    private readonly maxSeries: () => number,
    private readonly terms: CheckpointTerms,
  ) {
    this.until = this.committedUntil = checkpointEnd(db);
    this.rows = new IntervalRows(db);
  }

  /**
   * Merges deltas into the stored seconds, so the file grows with seconds and series, not with
   * workers.
   * @returns the changed points of seconds that are already in the checkpoint
   */
  add(deltas: readonly IntervalDelta[]): StoredPoint[] {
    return mergeDeltas(deltas).flatMap((delta) => {
      const { second } = delta;
      this.newest = Math.max(this.newest, second);
      if (second < this.until) return [this.addLate(delta)];
      const before = this.recent.get(second) ?? this.deltaOf(second);
      const [whole] = mergeDeltas(before ? [before, delta] : [delta]) as [IntervalDelta];
      const bytes = this.rows.writeSecond(whole);
      this.written += 1;
      const { draft } = this;
      if (draft) draft.writtenBytes += bytes;
      if (second >= (draft?.until ?? this.until)) this.recent.set(second, whole);
      else this.addToDraft(draft!, delta, whole);
      return [];
    });
  }

  /** Stores the load. The last value of a second wins. */
  ran(loads: readonly LoadOfSecond[]): void {
    for (const load of loads) {
      writeLoad(this.db, load);
      const [second] = load;
      this.newest = Math.max(this.newest, second);
      const summed = this.draft?.seconds.get(second);
      if (summed) {
        const point = { ...summed.point, ...readLoad(this.db, second) };
        this.draft!.seconds.set(second, { ...summed, point });
      }
      if (second < this.until) writePoints(this.db, [this.pointOf(second, this.sumOf(second))]);
    }
  }

  reset(): void {
    this.db.exec(
      'DELETE FROM intervals; DELETE FROM checkpoint; DELETE FROM late; DELETE FROM pages; DELETE FROM tiers',
    );
    this.startFrom(0);
  }

  /** Creates the next checkpoint, or a part of it. */
  advance(): void {
    const { written } = this;
    this.written = 0;
    const end = this.newest - this.terms.lagSeconds;
    if (end < (this.draft?.until ?? this.until)) return;
    const draft = (this.draft ??= this.begin());
    const deadlineMs = performance.now() + this.terms.budgetMs;
    const atLeast = draft.until + written;
    while (draft.until <= end && (draft.until <= atLeast || performance.now() < deadlineMs)) {
      this.fold(draft);
      if (this.isDue(draft)) this.commit(draft);
    }
    for (const second of this.recent.keys()) if (second < draft.until) this.recent.delete(second);
  }

  private isDue({ until, writtenBytes }: Draft): boolean {
    const seconds = until - this.until;
    if (seconds < this.terms.everySeconds || until % this.terms.tierSeconds !== 0) return false;
    return writtenBytes >= this.checkpointBytes / 2 || seconds >= this.terms.atMostSeconds;
  }

  /** Must be called after the transaction was committed. */
  committed(): void {
    this.committedUntil = this.until;
  }

  /** Must be called after the transaction failed. Discards its cached state. */
  rolledBack(): void {
    this.rows.rolledBack();
    this.startFrom(this.committedUntil);
  }

  private startFrom(until: number): void {
    this.draft = undefined;
    this.recent.clear();
    this.until = until;
  }

  private begin(): Draft {
    const totals = this.newTally();
    for (const bytes of totalsIn(this.db)) totals.add(decodeDelta(bytes));
    return { totals, tier: this.newTally(), until: this.until, seconds: new Map(), writtenBytes: 0 };
  }

  /** Adds the next second to the checkpoint in progress. */
  private fold(draft: Draft): void {
    const second = draft.until;
    const delta = this.recent.get(second) ?? this.deltaOf(second);
    draft.until += 1;
    this.recent.delete(second);
    if (delta) draft.tier.add(delta);
    draft.seconds.set(second, this.summed(second, delta));
    if (draft.until % this.terms.tierSeconds !== 0) return;
    const tier = draft.tier.delta(this.tierOf(second));
    draft.tier.reset();
    if (!tier) return;
    draft.totals.add(tier);
    this.writeTier(tier);
  }

  /** Adds counts to a second that is in the checkpoint in progress. */
  private addToDraft(draft: Draft, delta: IntervalDelta, whole: IntervalDelta): void {
    draft.seconds.set(delta.second, this.summed(delta.second, whole));
    if (this.tierOf(delta.second) === this.tierOf(draft.until)) return draft.tier.add(delta);
    draft.totals.add(delta);
    this.addToTier(delta);
  }

  /** Adds counts to a second that is in the checkpoint. */
  private addLate(delta: IntervalDelta): StoredPoint {
    const { second } = delta;
    this.draft?.totals.add(delta);
    this.db.run('INSERT INTO late(requests, failures, delta) VALUES (?, ?, ?)', [
      requestsIn(delta),
      failuresIn(delta),
      encodeDelta(delta),
    ]);
    const sum = this.sumOf(second);
    sum.add(delta);
    if (this.isTiered(second)) {
      this.rows.writeSum(second, encodedSum(sum));
      this.addToTier(delta);
    } else {
      const before = this.deltaOf(second);
      this.rows.writeSecond(mergeDeltas(before ? [before, delta] : [delta])[0]!);
    }
    const point = this.pointOf(second, sum);
    writePoints(this.db, [point]);
    return point;
  }

  /** Whether the series of a second are in `tiers`. Files of older versions keep their seconds. */
  private isTiered(second: number): boolean {
    const isBegun = this.tierOf(second) + this.terms.tierSeconds > this.until;
    return !isBegun && this.deltaOf(second) === undefined;
  }

  private addToTier(delta: IntervalDelta): void {
    const start = this.tierOf(delta.second);
    const before = this.rows.tier(start);
    const added = { ...withWindows(delta), second: start };
    this.writeTier(mergeDeltas(before ? [before, added] : [added])[0]!);
  }

  private writeTier(delta: IntervalDelta): void {
    this.rows.writeTier({ ...delta, series: delta.series.map(roundSeries) });
  }

  private tierOf(second: number): number {
    return second - (second % this.terms.tierSeconds);
  }

  private newTally(): StatsTally {
    return new StatsTally(this.maxSeries());
  }

  private commit(draft: Draft): void {
    const delta = draft.totals.delta(0) ?? NOTHING;
    const bytes = encodeDelta(delta);
    this.db.exec('DELETE FROM late');
    // Replacing rows by smaller ones would leave pages half empty.
    this.db.run('DELETE FROM intervals WHERE second >= ? AND second < ?', [this.until, draft.until]);
    this.db.run('INSERT OR REPLACE INTO checkpoint VALUES (0, ?, ?, ?, ?)', [
      draft.until,
      requestsIn(delta),
      failuresIn(delta),
      bytes,
    ]);
    const seconds = [...draft.seconds.values()];
    for (const { sum, point } of seconds) if (sum) this.rows.writeSum(point.second, sum);
    writePoints(
      this.db,
      seconds.map(({ point }) => point),
    );
    draft.seconds.clear();
    draft.writtenBytes = 0;
    this.until = draft.until;
    this.checkpointBytes = bytes.length;
  }

  private deltaOf(second: number): IntervalDelta | undefined {
    const stored = this.rows.second(second);
    return stored && 'delta' in stored ? stored.delta : undefined;
  }

  private sumOf(second: number): SecondSum {
    const stored = this.rows.second(second);
    return stored && 'sum' in stored ? stored.sum : SecondSum.of(stored?.delta);
  }

  private summed(second: number, delta: IntervalDelta | undefined): Summed {
    const sum = SecondSum.of(delta);
    return { sum: delta && encodedSum(sum), point: this.pointOf(second, sum) };
  }

  private pointOf(second: number, sum: SecondSum): StoredPoint {
    return { ...sum.point(second), ...readLoad(this.db, second) };
  }
}
