import type { Threshold, ThresholdSubject } from '@drumline/model';
import type { IntervalDelta } from '../delta.js';
import { SelectedSeconds } from './seconds.js';
import { SelectedCounts } from './selected-counts.js';
import { Selector } from './selector.js';

/** Reports may arrive this late and still change the windows of their seconds. */
const CORRECTED_SECONDS = 900;

/** The counts that thresholds of one subject are judged by. */
export class SubjectCounts {
  readonly total = new SelectedCounts();
  /** Absent if no threshold of the subject has a window. */
  readonly seconds: SelectedSeconds | undefined;
  /** The first and the last second in which anything was selected. */
  firstSecond: number | undefined;
  lastSecond = -1;
  private readonly selector: Selector;

  /** @param windowSeconds the longest window; 0 for none */
  constructor(
    readonly subject: ThresholdSubject,
    windowSeconds: number,
  ) {
    this.selector = new Selector(subject);
    if (windowSeconds > 0)
      this.seconds = new SelectedSeconds(this.selector, windowSeconds + CORRECTED_SECONDS);
  }

  /** Windows begin with the first data of the subject, and not with the run. */
  get beginsLate(): boolean {
    return !this.selector.isEverything;
  }

  /** A phase ends before the run. Its time is from its first to its last data. */
  get endsEarly(): boolean {
    return this.subject.tags?.some(([name]) => name === 'phase') === true;
  }

  /** The time from the first to the last data. */
  get spanSeconds(): number {
    return this.firstSecond === undefined ? 0 : this.lastSecond + 1 - this.firstSecond;
  }

  /** @returns the last second of which windows are affected; undefined if nothing is selected */
  add(delta: IntervalDelta): number | undefined {
    this.seconds?.add(delta);
    if (!this.total.select(delta, this.selector)) return undefined;
    const { second } = delta;
    const before = this.firstSecond ?? Infinity;
    this.firstSecond = Math.min(before, second);
    this.lastSecond = Math.max(this.lastSecond, second);
    // Windows can begin with an earlier second than before.
    return Math.max(second, before);
  }

  /** Adds counts of many seconds. @param fromSecond in which the first of them were selected */
  addEarlier(delta: IntervalDelta, fromSecond: number | undefined): void {
    if (this.total.select(delta, this.selector)) this.firstSecond ??= fromSecond;
  }

  /** Whether the subject of a threshold has occurred, so that the threshold can be judged. */
  hasData({ statistic }: Pick<Threshold, 'statistic'>): boolean {
    const { total, subject } = this;
    const { sums } = total;
    if (subject.kind === 'metric') return [...total.metrics.scalars, ...total.metrics.trends].length > 0;
    if (subject.kind === 'check' || statistic === 'checks') return sums.passes + sums.fails > 0;
    if (statistic === 'exceptions') return true;
    const isScheduled = sums.started + sums.dropped + sums.skipped > 0;
    const isRequested = total.requests.requests + total.parts.requests > 0;
    const isOfSchedule = statistic === 'dropped' || statistic === 'late' || statistic === 'skipped';
    return isRequested || (isScheduled && isOfSchedule);
  }

  reset(fromSecond: number): void {
    this.total.reset();
    this.seconds?.reset(fromSecond);
    this.firstSecond = undefined;
    this.lastSecond = -1;
  }
}
