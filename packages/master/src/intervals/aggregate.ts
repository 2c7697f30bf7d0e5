import type { Millis } from '@drumline/model';
import { SeriesTimeline, Timeline, Totals, type IntervalDelta, type PlacedEvent } from '@drumline/stats';
import type { Participant } from '../allocation/participant.js';
import { timelinePointOf, type LoadOfSecond, type StoredCounts } from './stored-counts.js';
import { TargetReach } from './target-reach.js';
import { UntrustedSeconds } from './untrusted.js';

/** Receives everything that is counted, in order to store it. */
export interface Journal {
  added(delta: IntervalDelta): void;
  /** Records the load of a second of the run. */
  ran(load: LoadOfSecond): void;
  /** Records an event that subscribers of the stream get. */
  emitted(event: PlacedEvent): void;
  /** Discards what was counted before. */
  reset(): void;
}

/** Everything counted so far: totals and timeline. */
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
  /** Users and starts per second that the plan asked for, by second; 0 for none. */
  readonly plannedUsers: number[] = [];
  readonly plannedRate: number[] = [];
  /** Users that may have run on unreachable workers as well, by second; only seconds with any. */
  readonly cutOffUsers = new Map<number, number>();
  /** The seconds in which a worker was the bottleneck. Survives a reset. */
  readonly untrusted = new UntrustedSeconds();
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

  /** Adds what a second has gained. */
  add(delta: IntervalDelta): void {
    this.count(delta);
    this.journal?.added(delta);
  }

  /** End of the last second with requests, milliseconds since the start. */
  get countedMs(): Millis {
    return (this.timeline.newestSecond + 1) * 1_000;
  }

  /** Records the load of a second of the run. */
  ran(load: LoadOfSecond): void {
    this.loaded(load);
    this.journal?.ran(load);
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
      for (const { second, users: count, plannedUsers, plannedRate } of history.points)
        this.loaded([second, count, plannedUsers, plannedRate]);
    }
    for (const delta of deltas) this.count(delta);
    for (const load of users) this.loaded(load);
  }

  private loaded([second, users, plannedUsers = 0, plannedRate = 0]: LoadOfSecond): void {
    this.users[second] = users;
    this.plannedUsers[second] = plannedUsers;
    this.plannedRate[second] = plannedRate;
  }

  private count(delta: IntervalDelta): void {
    this.seriesTimeline?.add(delta);
    this.target.add(delta);
    this.totals.add(delta);
    this.timeline.add(delta);
  }
}
