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
import { usersSaid } from './exposure.js';
import { timelinePointOf } from '../store/points.js';
import { TargetReach } from './target-reach.js';
import type { StoredState } from '../store/run-store.js';

/** Hears of all that is counted, so that it can be stored. */
export interface Journal {
  added(delta: IntervalDelta): void;
  /** So many users ran in a second of the run. */
  ran(second: number, users: number): void;
  /** What was counted before is left out. */
  reset(): void;
}

/** Everything counted so far, merged from the workers' reports: each exactly once. */
export class Aggregate {
  totals = new Totals();
  timeline = new Timeline();
  /** Whether anything has reached the target; not forgotten by a reset. */
  readonly target = new TargetReach();
  /** Every series second by second, if somebody wants it. */
  seriesTimeline: SeriesTimeline | undefined;
  private maxSeries: number | undefined;
  /** Users that ran, by second of the run. */
  readonly users: number[] = [];
  /** How many more may have run on workers out of reach, in the seconds in which there were any. */
  readonly cutOffUsers = new Map<number, number>();
  /** Counting begins here: what ended before the last reset is left out. */
  fromSecond = 0;
  journal: Journal | undefined;

  /** Series beyond so many are counted together; call it before anything is counted. */
  limit(maxSeries: number): void {
    this.maxSeries = maxSeries;
    this.totals = new Totals(maxSeries);
  }

  /**
   * Merges a report if it is the next one of its worker; one that was merged before, or that came before its
   * predecessor, changes nothing.
   * @returns the sequence number to acknowledge
   * @throws RangeError if what it says cannot be
   */
  merge(worker: WorkerRecord, { seq, deltas, foldedToSeconds }: StatsReport): number {
    if (seq !== worker.mergedSeq + 1) return worker.mergedSeq;
    deltas.forEach(checkDelta);
    for (const delta of deltas) {
      this.add(worker, delta);
      worker.pace.add(delta.second, requestsIn(delta), usersSaid(worker) ?? 0, foldedToSeconds);
    }
    worker.mergedSeq = seq;
    return seq;
  }

  /** When the last second with requests was over, milliseconds since the start. */
  get countedMs(): Millis {
    return (this.timeline.newestSecond + 1) * 1_000;
  }

  /** Notes how many users ran in a second of the run. */
  ran(second: number, users: number): void {
    this.users[second] = users;
    this.journal?.ran(second, users);
  }

  /** Notes how many users may have run out of reach in a second of the run. */
  mayHaveRun(second: number, users: number): void {
    if (users > 0) this.cutOffUsers.set(second, users);
  }

  /** Takes the last known number of users for the seconds at the end that nobody has looked at. */
  holdUsers(seconds: number): void {
    const last = this.users.at(-1) ?? 0;
    while (this.users.length < seconds) this.users.push(last);
  }

  /** Starts counting anew from this second on. */
  reset(second: number, workers: readonly WorkerRecord[]): void {
    this.totals = new Totals(this.maxSeries);
    this.timeline = new Timeline();
    if (this.seriesTimeline) this.seriesTimeline = new SeriesTimeline();
    this.fromSecond = second;
    for (const worker of workers) worker.requests = 0;
    this.journal?.reset();
  }

  /** Goes on from what another master had counted. */
  takeUp({ run, history, deltas, users }: Omit<StoredState, 'workers'>): void {
    this.target.trust();
    this.limit(run.plan.maxSeries);
    this.fromSecond = run.fromSecond;
    if (history) {
      for (const delta of history.totals) this.totals.add(delta);
      this.timeline.takeUp(history.points.map(timelinePointOf));
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
