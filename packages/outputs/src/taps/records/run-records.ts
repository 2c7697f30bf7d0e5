import {
  IntervalFeed,
  WINDOW_BLOCK_SECONDS,
  type FedInterval,
  type IntervalEvent,
  type IntervalState,
} from '@drumline/stats';
import type { RunEventView, TapEnd, TapEvent, TapRecord, TapSum } from '@drumline/wire';
import type { OutputEnd, OutputRun } from '../../output.js';
import { detailedFigures, detailedLate } from './detailed-figures.js';
import { addTo, emptySum } from './resumed-records.js';
import { seqOfDetail, seqOfSecond } from './sequence.js';
import { shortFigures, shortLate } from './short-figures.js';

/** The most events of a record. Further ones are left out. */
const MAX_EVENTS = 100;

/**
 * Makes the records of a run. Each request is in one record of a second: in the counts of its
 * second, or as late in a later one. The same holds for the records in detail.
 */
export class RunRecords {
  private made: TapRecord[] = [];
  private readonly seconds = new IntervalFeed(1, (interval) => this.second(interval));
  private readonly details = new IntervalFeed(WINDOW_BLOCK_SECONDS, (interval) => this.detail(interval));
  private readonly startedAtMs: number;
  private readonly events: TapEvent[] = [];
  private lastSecond: number;
  private lastSeq: number;
  private sum: TapSum;

  /** @param sum what was counted before `fromSecond` */
  constructor(
    private readonly run: Pick<OutputRun, 'runId' | 'scenario' | 'startedAt' | 'fromSecond'>,
    sum = emptySum(run.fromSecond),
  ) {
    this.startedAtMs = Date.parse(run.startedAt);
    this.lastSecond = run.fromSecond - 1;
    this.lastSeq = seqOfSecond(run.fromSecond) - 1;
    this.sum = { ...sum };
  }

  /** Takes a closed or corrected second, or a reset. @returns the records that are due */
  take(event: IntervalEvent): TapRecord[] {
    if (event.type === 'reset') this.sum = emptySum(event.fromSecond);
    this.seconds.take(event);
    this.details.take(event);
    return this.handOut();
  }

  /** Something else has happened: it is part of the next record of a second. */
  event(event: RunEventView): void {
    if (event.type === 'interval' || event.type === 'correction' || event.type === 'end') return;
    if (this.events.length < MAX_EVENTS) this.events.push(event);
  }

  /** @returns the last records; none if another master resumes the run */
  end({ result, continues }: OutputEnd): TapRecord[] {
    if (continues) return [];
    const late = this.seconds.end();
    const lateDetail = this.details.end();
    const end: TapEnd = {
      type: 'end',
      ...this.head(this.lastSeq + 1, this.lastSecond, this.lastSecond + 1),
      ...(late && { late: shortLate(late) }),
      ...(lateDetail && { lateDetail: detailedLate(lateDetail, this.startedAtMs) }),
      ...(result && { result }),
    };
    this.made.push(end);
    return this.handOut();
  }

  private second({ deltas, fromSecond, seconds, state, late }: FedInterval): void {
    const figures = shortFigures(deltas, seconds);
    const gained = late && shortLate(late);
    addTo(this.sum, figures.totals);
    if (gained) addTo(this.sum, gained.totals);
    const events = this.events.splice(0);
    this.lastSecond = fromSecond;
    this.push({
      type: 'second',
      ...this.head(seqOfSecond(fromSecond), fromSecond, fromSecond),
      ...stateOf(state),
      ...figures,
      sum: { ...this.sum },
      ...(gained && { late: gained }),
      ...(events.length > 0 && { events }),
    });
  }

  private detail({ deltas, fromSecond, seconds, state, late }: FedInterval): void {
    const last = fromSecond + seconds - 1;
    this.push({
      type: 'detail',
      ...this.head(seqOfDetail(last), last, fromSecond),
      ...stateOf(state),
      ...detailedFigures(deltas, fromSecond, seconds, this.startedAtMs),
      ...(late && { late: detailedLate(late, this.startedAtMs) }),
    });
  }

  private push(record: TapRecord): void {
    this.lastSeq = record.seq;
    this.made.push(record);
  }

  private handOut(): TapRecord[] {
    const { made } = this;
    this.made = [];
    return made;
  }

  private head(seq: number, second: number, fromSecond: number) {
    const { runId, scenario } = this.run;
    const at = new Date(this.startedAtMs + fromSecond * 1_000).toISOString();
    return {
      schema: 'drumline.tap/1',
      seq,
      run: runId,
      scenario,
      second: Math.max(0, second),
      at,
    } as const;
  }
}

function stateOf({ users, plannedUsers, plannedRate, cutOffUsers, workers, busiestLane }: IntervalState) {
  return {
    users,
    plannedUsers,
    ...(plannedRate !== undefined && { plannedRate }),
    cutOffUsers,
    workers: { ...workers },
    busiestLane,
  };
}
