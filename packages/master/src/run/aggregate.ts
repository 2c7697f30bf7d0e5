import { timesParts, type Millis } from '@drumline/model';
import {
  checkDelta,
  requestsIn,
  SeriesTimeline,
  Timeline,
  Totals,
  type IntervalDelta,
} from '@drumline/stats';
import type { StatsReport } from '@drumline/wire';
import type { WorkerRecord } from '../cluster/registry.js';
import { usersReported } from './exposure.js';
import { timelinePointOf } from '../store/points.js';
import { TargetReach } from './target-reach.js';
import type { StoredState } from '../store/run-store.js';

/** Receives everything that is counted, in order to store it. */
export interface Journal {
  added(delta: IntervalDelta): void;
  /** Records how many users ran in a second of the run. */
  ran(second: number, users: number): void;
  /** Discards what was counted before. */
  reset(): void;
}

/** Everything counted so far. Merges each report of the workers exactly once. */
export class Aggregate {
  totals = new Totals();
  timeline = new Timeline();
  /** Whether anything has reached the target. Survives a reset. */
  readonly target = new TargetReach();
  /** Every series by second, if enabled. */
  seriesTimeline: SeriesTimeline | undefined;
  private maxSeries: number | undefined;
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
  }

  /**
   * Merges a report if it is the next one of its worker. Ignores repeated and out-of-order reports.
   * @returns the sequence number to acknowledge
   * @throws RangeError if the report is invalid
   */
  merge(worker: WorkerRecord, { seq, deltas, foldedToSeconds }: StatsReport): number {
    if (seq !== worker.mergedSeq + 1) return worker.mergedSeq;
    deltas.forEach(checkDelta);
    for (const delta of deltas) {
      this.add(worker, delta);
      worker.pace.add(delta.second, requestsIn(delta), usersReported(worker) ?? 0, foldedToSeconds);
    }
    worker.mergedSeq = seq;
    return seq;
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
  reset(second: number, workers: readonly WorkerRecord[]): void {
    this.totals = new Totals(this.maxSeries);
    this.timeline = new Timeline();
    if (this.seriesTimeline) this.seriesTimeline = new SeriesTimeline();
    this.fromSecond = second;
    for (const worker of workers) worker.requests = 0;
    this.journal?.reset();
  }

  /** Restores what another master has counted. */
  restore({ run, history, deltas, users }: Omit<StoredState, 'workers'>): void {
    this.target.trust();
    this.limit(run.plan.maxSeries);
    this.fromSecond = run.fromSecond;
    if (history) {
      for (const delta of history.totals) this.totals.add(delta);
      this.timeline.restore(history.points.map(timelinePointOf));
      for (const { second, users: count } of history.points) this.users[second] = count;
    }
    for (const delta of deltas) this.count(delta);
    for (const [second, count] of users) this.users[second] = count;
  }

  private add(worker: WorkerRecord, delta: IntervalDelta): void {
    if (delta.second < this.fromSecond) return;
    this.count(delta);
    this.journal?.added(delta);
    for (const { key, requests } of delta.series) if (!timesParts(key)) worker.requests += requests;
  }

  private count(delta: IntervalDelta): void {
    this.seriesTimeline?.add(delta);
    this.target.add(delta);
    this.totals.add(delta);
    this.timeline.add(delta);
  }
}
