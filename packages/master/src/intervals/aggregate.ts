import type { Millis } from '@drumline/model';
import {
  OpenIntervals,
  SeriesTimeline,
  Timeline,
  Totals,
  type IntervalDelta,
  type KeyTable,
} from '@drumline/stats';
import type { ReportAck, StatsReport } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import { timelinePointOf, type StoredCounts } from './stored-counts.js';
import { TargetReach } from './target-reach.js';

/** Receives everything that is counted, in order to store it. */
export interface Journal {
  added(delta: IntervalDelta): void;
  /** Records how many users ran in a second of the run. */
  ran(second: number, users: number): void;
  /** Discards what was counted before. */
  reset(): void;
}

/** Tolerance for the estimated clock, which is off by milliseconds. */
const AHEAD_MS: Millis = 60_000;

/** Everything counted so far. Merges each report of the workers exactly once. */
export class Aggregate {
  totals = new Totals();
  timeline = new Timeline();
  /** Whether anything has reached the target. Survives a reset. */
  readonly target = new TargetReach();
  /** Every series by second, if enabled. */
  seriesTimeline: SeriesTimeline | undefined;
  private maxSeries: number | undefined;
  private intervals = new OpenIntervals();
  private keyTables = new WeakMap<Participant, KeyTable>();
  /** Running users by second of the run. */
  readonly users: number[] = [];
  /** Users that may have run on unreachable workers as well, by second; only seconds with any. */
  readonly cutOffUsers = new Map<number, number>();
  /** The second in which counting begins. Earlier results were discarded by a reset. */
  fromSecond = 0;
  journal: Journal | undefined;

  /**
   * Limits the number of series; the rest is counted together. Must be called before anything is
   * counted.
   */
  limit(maxSeries: number): void {
    this.maxSeries = maxSeries;
    this.totals = new Totals(maxSeries);
    this.openIntervals();
  }

  /**
   * Merges a report if it is the next one of its worker. Ignores repeated and out-of-order reports.
   * @param elapsedMs since the start of the run; nothing can have been counted later
   * @returns the answer to the worker
   * @throws RangeError if the report is invalid
   */
  merge(worker: Participant, report: StatsReport, elapsedMs: Millis): Omit<ReportAck, 'type'> {
    const { seq, foldedToSeconds } = report;
    const isNext = seq === worker.mergedSeq + 1;
    const keys = this.keysOf(worker);
    // A repeated report tells a resumed master the keys of later ones.
    if (isNext || seq <= worker.mergedSeq) keys.learn(report);
    if (!isNext) return { seq: worker.mergedSeq };
    const { fromSecond } = this;
    const newestSecond = Math.floor((elapsedMs + AHEAD_MS) / 1_000);
    const merged = this.intervals.merge(report, keys, { newestSecond, fromSecond });
    if (merged === undefined) return { seq: worker.mergedSeq, keysUnknown: true };
    for (const { second, requests } of merged) {
      worker.pace.add(second, requests, worker.usersReported ?? 0, foldedToSeconds);
      if (second >= fromSecond) worker.requests += requests;
    }
    for (const second of this.intervals.changed) {
      const delta = this.intervals.take(second);
      if (delta) this.add(delta);
    }
    worker.mergedSeq = seq;
    return { seq };
  }

  /** End of the last second with requests, milliseconds since the start. */
  get countedMs(): Millis {
    return (this.timeline.newestSecond + 1) * 1_000;
  }

  /** Records how many users ran in a second of the run. */
  ran(second: number, users: number): void {
    this.users[second] = users;
    this.journal?.ran(second, users);
  }

  /** Records how many users may have run on unreachable workers in a second of the run. */
  mayHaveRun(second: number, users: number): void {
    if (users > 0) this.cutOffUsers.set(second, users);
  }

  /** Fills the last seconds with the last known number of users. */
  holdUsers(seconds: number): void {
    const last = this.users.at(-1) ?? 0;
    while (this.users.length < seconds) this.users.push(last);
  }

  /** Discards everything counted before this second. */
  reset(second: number, workers: readonly Participant[]): void {
    this.totals = new Totals(this.maxSeries);
    this.timeline = new Timeline();
    if (this.seriesTimeline) this.seriesTimeline = new SeriesTimeline();
    this.openIntervals();
    this.fromSecond = second;
    for (const worker of workers) worker.requests = 0;
    this.journal?.reset();
  }

  /** Restores what another master has counted. */
  restore({ maxSeries, fromSecond, history, deltas, users }: StoredCounts): void {
    this.target.trust();
    this.limit(maxSeries);
    this.fromSecond = fromSecond;
    if (history) {
      for (const delta of history.totals) this.totals.add(delta);
      this.timeline.restore(history.points.map(timelinePointOf));
      for (const { second, users: count } of history.points) this.users[second] = count;
    }
    for (const delta of deltas) this.count(delta);
    for (const [second, count] of users) this.users[second] = count;
  }

  private openIntervals(): void {
    this.intervals = new OpenIntervals(this.maxSeries);
    this.keyTables = new WeakMap();
  }

  private keysOf(worker: Participant): KeyTable {
    const known = this.keyTables.get(worker);
    if (known) return known;
    const table = this.intervals.keyTable();
    this.keyTables.set(worker, table);
    return table;
  }

  private add(delta: IntervalDelta): void {
    this.count(delta);
    this.journal?.added(delta);
  }

  private count(delta: IntervalDelta): void {
    this.seriesTimeline?.add(delta);
    this.target.add(delta);
    this.totals.add(delta);
    this.timeline.add(delta);
  }
}
