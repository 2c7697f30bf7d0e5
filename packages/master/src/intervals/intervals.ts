import type { Millis } from '@drumline/model';
import { mergeDeltas, type IntervalDelta, type IntervalEvent, type IntervalState } from '@drumline/stats';
import type { StatsReport } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import { Aggregate } from './aggregate.js';
import { IntervalStream, type OnSubscriberProblem } from './interval-stream.js';
import { QuantilePace } from './quantile-pace.js';
import { ReportMerger, type Merged, type UsersIn } from './report-merger.js';
import { knownSecondsOf, type StoredCounts } from './stored-counts.js';
import { Watermark, type WatermarkParts } from './watermark.js';

export interface IntervalsParts {
  /** More reports of these workers are in the totals. They can be stored and acknowledged. */
  readonly covered: (workers: readonly Participant[]) => void;
  readonly onSubscriberProblem: OnSubscriberProblem;
  /** By default, response times of each series are reported every second. */
  readonly quantiles?: QuantilePace;
}

export interface ClosingParts extends Omit<WatermarkParts, 'close'> {
  /** The workers whose reports make a second complete, with those that are leaving. */
  readonly reporting: () => readonly Participant[];
  /** Records and returns what the run did in a second that closes. */
  readonly observe: (second: number) => IntervalState;
  /** Called after a second has closed. */
  readonly closed: (second: number) => void;
}

/**
 * The seconds of a run. Reports are merged into open seconds. Everything else reads what closed
 * seconds have gained: totals, timeline and store at once, and subscribers of the stream in their
 * own time.
 */
export class Intervals {
  /** Number of seconds that other masters of the run have closed. */
  closedBefore = 0;
  readonly aggregate = new Aggregate();
  readonly stream: IntervalStream;
  readonly quantiles: QuantilePace;
  private merger = new ReportMerger();
  private watermark: Watermark | undefined;
  /** What seconds have gained that were taken before they closed. */
  private readonly early = new Map<number, IntervalDelta[]>();
  /** Whether reports are taken as they come, because workers wait for their acknowledgement. */
  private isImmediate = true;
  private taking: NodeJS.Immediate | undefined;

  constructor(private readonly parts: IntervalsParts) {
    this.stream = new IntervalStream(parts.onSubscriberProblem);
    this.quantiles = parts.quantiles ?? new QuantilePace();
  }

  /** The newest closed second; -1 before the first. */
  get closedThrough(): number {
    return this.watermark?.closedThrough ?? -1;
  }

  /** Limits the number of series. Must be called before anything is counted. */
  limit(maxSeries: number): void {
    this.aggregate.limit(maxSeries);
    this.merger = new ReportMerger(maxSeries);
  }

  /** Continues with the counts of another master. */
  restore(counts: StoredCounts): void {
    const { maxSeries, fromSecond, deltas, position = 0 } = counts;
    this.stream.position = position;
    this.quantiles.resume();
    const known = knownSecondsOf(counts);
    this.closedBefore = known;
    const noteEarly = (delta: IntervalDelta): void => {
      if (delta.second >= known) this.early.set(delta.second, [delta]);
    };
    this.aggregate.restore({ ...counts, deltas: visited(deltas, noteEarly) });
    // Series that were listed before stay listed.
    const listed = this.aggregate.totals.snapshot().series.map(({ key }) => key);
    this.merger = new ReportMerger(maxSeries, fromSecond, listed);
  }

  /** Closes the seconds of a started run, from this one on. */
  start(parts: ClosingParts, fromSecond: number): void {
    this.isImmediate = false;
    const close = (second: number): void => this.close(second, parts);
    this.watermark = new Watermark({ ...parts, close }, fromSecond);
  }

  /**
   * Merges a report.
   * @param elapsedMs since the start of the run; nothing can have been counted later
   * @param plannedUsers how many users the worker had at most when a second began
   * @throws RangeError if the report is invalid; it is left out then
   */
  merge(worker: Participant, report: StatsReport, elapsedMs: Millis, plannedUsers?: UsersIn): Merged {
    if (this.isImmediate) this.takeSoon();
    const merged = this.merger.merge(worker, report, elapsedMs, plannedUsers);
    if (merged === 'merged' && report.throughSecond !== undefined)
      this.watermark?.reported(worker, report.throughSecond);
    return merged;
  }

  /** A worker is now known to have been the bottleneck in closed seconds. */
  marked(seconds: readonly number[]): void {
    for (const second of seconds)
      this.emit({
        type: 'corrected',
        number: second + 1,
        second,
        counts: nothingIn(second),
        isMarked: true,
      });
  }

  /** A worker reports nothing more, at least for now. */
  gone(worker: Participant): void {
    this.watermark?.gone(worker);
  }

  /** From now on, reports are taken as they come: the workers wait for their acknowledgement. */
  drain(): void {
    this.isImmediate = true;
    this.takeSoon();
  }

  /** Takes everything that has been reported. Afterwards, `end` closes the last seconds. */
  takeAll(): void {
    if (this.taking) clearImmediate(this.taking);
    this.taking = undefined;
    this.take();
  }

  /** Closes the seconds up to this one, and delivers them to the subscribers. */
  end(lastSecond: number): void {
    this.watermark?.end(lastSecond);
    this.stream.flush();
  }

  /**
   * Discards everything counted before this second, or before the next one at which a reset is
   * exact.
   * @returns the second from which on is counted
   */
  reset(fromSecond: number, workers: readonly Participant[]): number {
    const second = this.quantiles.resetSecond(fromSecond);
    this.merger.reset(second);
    this.early.clear();
    this.aggregate.reset(second, workers);
    this.emit({ type: 'reset', fromSecond: second });
    this.parts.covered(workers);
    return second;
  }

  private emit(event: IntervalEvent): void {
    this.stream.emit(event);
    this.aggregate.journal?.emitted({ event, position: this.stream.position });
  }

  private takeSoon(): void {
    this.taking ??= setImmediate(() => {
      this.taking = undefined;
      this.take();
    });
  }

  /** @param throughSecond later seconds stay open */
  private take(throughSecond = Infinity): void {
    const { gained, covered } = this.merger.take(throughSecond);
    for (const delta of gained) this.gain(delta, this.closedThrough);
    if (covered.length > 0) this.parts.covered(covered);
  }

  /** @param closedThrough the newest second that has been emitted */
  private gain(delta: IntervalDelta, closedThrough: number): void {
    const { second } = delta;
    this.aggregate.add(delta);
    if (second <= closedThrough)
      return this.emit({ type: 'corrected', number: second + 1, second, counts: delta });
    const early = this.early.get(second);
    if (early) early.push(delta);
    else this.early.set(second, [delta]);
  }

  private close(second: number, { observe, closed, reporting }: ClosingParts): void {
    const { gained, covered } = this.merger.take(second);
    for (const delta of gained) this.gain(delta, second - 1);
    const own = this.early.get(second) ?? [];
    this.early.delete(second);
    const [counts = nothingIn(second)] = mergeDeltas(own);
    const state = observe(second);
    const completeThrough = Math.min(second, this.watermark?.reportedThrough(reporting()) ?? -1);
    this.emit({ type: 'closed', number: second + 1, second, counts, state, completeThrough });
    if (covered.length > 0) this.parts.covered(covered);
    this.quantiles.closed(counts.series.length * state.workers.present);
    closed(second);
  }
}

function* visited<T>(all: Iterable<T>, visit: (one: T) => void): Generator<T> {
  for (const one of all) {
    visit(one);
    yield one;
  }
}

function nothingIn(second: number): IntervalDelta {
  return { second, series: [], checks: [], metrics: [], exceptions: [] };
}
