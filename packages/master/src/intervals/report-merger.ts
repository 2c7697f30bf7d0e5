import type { Millis, SeriesKey } from '@drumline/model';
import { OpenIntervals, type IntervalDelta, type KeyTable } from '@drumline/stats';
import type { StatsReport } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';

/** Tolerance for the estimated clock, which is off by milliseconds. */
const AHEAD_MS: Millis = 60_000;

/**
 * What became of a report: merged, or left because it is not the next one of its worker, or because
 * it uses series whose names are unknown.
 */
export type Merged = 'merged' | 'not-next' | 'keys-unknown';

/** How many users there were in a second of the run. */
export type UsersIn = (second: number) => number;

/** A merged report of which not everything has been taken yet. */
interface PendingReport {
  readonly seq: number;
  /** The oldest and the newest second in it. */
  readonly oldestSecond: number;
  readonly newestSecond: number;
  readonly requests: number;
}

/** Counts that were taken, and how far the reports of the workers are in them. */
export interface TakenCounts {
  /** What each second has gained, ascending. */
  readonly gained: readonly IntervalDelta[];
  /** The workers of which more reports are complete in what has been taken. */
  readonly covered: readonly Participant[];
}

/** Merges each report of the workers once, into the open second of each series. */
export class ReportMerger {
  private open: OpenIntervals;
  private keyTables = new WeakMap<Participant, KeyTable>();
  private readonly pending = new Map<Participant, PendingReport[]>();

  /**
   * @param maxSeries further series are counted together
   * @param fromSecond earlier counts are not added
   * @param listed series that another master has counted
   */
  constructor(
    private readonly maxSeries?: number,
    private fromSecond = 0,
    listed: readonly SeriesKey[] = [],
  ) {
    this.open = new OpenIntervals(maxSeries, listed);
  }

  /**
   * Merges a report if it is the next one of its worker.
   * @param elapsedMs since the start of the run; nothing can have been counted later
   * @param plannedUsers how many users the worker had at most when a second began
   * @throws RangeError if the report is invalid; it is left out then
   */
  merge(worker: Participant, report: StatsReport, elapsedMs: Millis, plannedUsers?: UsersIn): Merged {
    try {
      return this.mergeNext(worker, report, elapsedMs, plannedUsers);
    } catch (error) {
      if (error instanceof RangeError) this.skip(worker, report.seq);
      throw error;
    }
  }

  /**
   * Takes what the seconds up to this one have gained since they were last taken. Takes later ones
   * as well if a report reaches into them: another master must know a report whole or not at all.
   */
  take(upToSecond = Infinity): TakenCounts {
    const throughSecond = this.wholeReports(upToSecond);
    const seconds = this.open.changed.filter((second) => second <= throughSecond);
    const gained = seconds.flatMap((second) => this.open.take(second) ?? []);
    return { gained, covered: this.cover(throughSecond) };
  }

  /** Discards what was not taken, and counts only from this second on. */
  reset(fromSecond: number): void {
    this.fromSecond = fromSecond;
    this.open = new OpenIntervals(this.maxSeries);
    this.keyTables = new WeakMap();
    this.cover(Infinity);
  }

  private mergeNext(
    worker: Participant,
    report: StatsReport,
    elapsedMs: Millis,
    plannedUsers: UsersIn = () => Infinity,
  ): Merged {
    const { seq, foldedToSeconds } = report;
    const isNext = seq === worker.mergedSeq + 1;
    const keys = this.keysOf(worker);
    // A repeated report tells a resumed master the keys of later ones.
    if (isNext || seq <= worker.mergedSeq) keys.learn(report);
    if (!isNext) return 'not-next';
    const { fromSecond } = this;
    const newestSecond = Math.floor((elapsedMs + AHEAD_MS) / 1_000);
    const merged = this.open.merge(report, keys, { newestSecond, fromSecond });
    if (merged === undefined) return 'keys-unknown';
    let [oldestSecond, newest, counted] = [Infinity, -1, 0];
    for (const { second, requests } of merged) {
      const users = worker.usersReported ?? 0;
      // A late report may be of a time with fewer users than now.
      const least = Math.min(users, plannedUsers(second));
      worker.pace.add(second, requests, users, { least, foldedToSeconds });
      oldestSecond = Math.min(oldestSecond, second);
      newest = Math.max(newest, second);
      if (second >= fromSecond) counted += requests;
    }
    this.wasMerged(worker, { seq, oldestSecond, newestSecond: newest, requests: counted });
    return 'merged';
  }

  /** Leaves out a report that is invalid. */
  private skip(worker: Participant, seq: number): void {
    if (seq > worker.mergedSeq)
      this.wasMerged(worker, { seq, oldestSecond: Infinity, newestSecond: -1, requests: 0 });
  }

  private wasMerged(worker: Participant, report: PendingReport): void {
    worker.mergedSeq = report.seq;
    const pending = this.pending.get(worker);
    if (pending) pending.push(report);
    else this.pending.set(worker, [report]);
  }

  /**
   * The first second from this one on through which reports are whole: each report that reaches
   * into it is complete, and so are the earlier ones of its worker.
   */
  private wholeReports(upToSecond: number): number {
    let through = upToSecond;
    for (let before = -1; before !== through;) {
      before = through;
      for (const pending of this.pending.values()) {
        let newest = -1;
        for (const report of pending) {
          newest = Math.max(newest, report.newestSecond);
          if (report.oldestSecond <= through) through = Math.max(through, newest);
        }
      }
    }
    return through;
  }

  /** Reports are in order, so that a worker’s report is only covered with all earlier ones. */
  private cover(throughSecond: number): Participant[] {
    const covered: Participant[] = [];
    for (const [worker, pending] of this.pending) {
      let count = 0;
      while (count < pending.length && pending[count]!.newestSecond <= throughSecond) {
        worker.cover(pending[count]!);
        count += 1;
      }
      if (count === 0) continue;
      covered.push(worker);
      if (count === pending.length) this.pending.delete(worker);
      else pending.splice(0, count);
    }
    return covered;
  }

  private keysOf(worker: Participant): KeyTable {
    const known = this.keyTables.get(worker);
    if (known) return known;
    const table = this.open.keyTable();
    this.keyTables.set(worker, table);
    return table;
  }
}
