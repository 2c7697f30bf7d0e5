import {
  foundLimit,
  meets,
  nextLimitRate,
  untrustedStep,
  type FindLimit,
  type FoundLimit,
  type LimitStep,
  type Millis,
  type Plan,
} from '@drumline/model';
import type { Aggregate } from '../intervals/aggregate.js';
import { observedIn, SelectedCounts, Selector, type IntervalDelta } from '@drumline/stats';

/** A second that has closed, or one that has gained counts. */
interface SearchedSecond {
  readonly second: number;
  readonly counts: IntervalDelta;
}

/** A step that runs. Its seconds count from the start of the run. */
interface RunningStep {
  readonly perSecond: number;
  readonly firstSecond: number;
  readonly lastSecond: number;
}

/** A step is judged when the second after it has closed, as marks of workers may come late. */
const PATIENCE_SECONDS = 1;

/** The search of a plan; undefined if its load is none. */
export function searchOf(
  { controller }: Pick<Plan, 'controller'>,
  { untrusted }: Pick<Aggregate, 'untrusted'>,
  steps: readonly LimitStep[] = [],
): LimitSearch | undefined {
  if (controller?.kind !== 'findLimit') return undefined;
  return new LimitSearch(controller, (second) => untrusted.workersIn(second), steps);
}

/** Judges the steps of a search for a limit, from the closed seconds of a run. */
export class LimitSearch {
  private readonly everything = new Selector({ kind: 'requests' });
  private readonly counts = new SelectedCounts();
  private running: RunningStep | undefined;

  /**
   * @param workersIn the workers that were the bottleneck in a second
   * @param judged steps that another master has judged
   */
  constructor(
    readonly search: FindLimit,
    private readonly workersIn: (second: number) => readonly string[] | undefined,
    private judged: readonly LimitStep[] = [],
  ) {}

  /** The judged steps. Another array after each change. */
  get steps(): readonly LimitStep[] {
    return this.judged;
  }

  /** The rate of the step that runs, or of the next one; undefined if the search is over. */
  get perSecond(): number | undefined {
    return nextLimitRate(this.search, this.judged);
  }

  get found(): FoundLimit {
    return foundLimit(this.search, this.judged);
  }

  /** Begins the step, or begins it again. @param atMs when its rate is in force, since the start */
  begin(atMs: Millis): void {
    const { perSecond } = this;
    const { holdMs, settleMs } = this.search;
    this.counts.reset();
    if (perSecond === undefined) return void (this.running = undefined);
    const firstSecond = Math.ceil((atMs + settleMs) / 1_000);
    const seconds = Math.max(1, Math.floor((holdMs - settleMs) / 1_000));
    this.running = { perSecond, firstSecond, lastSecond: firstSecond + seconds - 1 };
  }

  /** Adds counts. They may be corrections of a second of the step. */
  add({ second, counts }: SearchedSecond): void {
    const { running } = this;
    if (running && second >= running.firstSecond && second <= running.lastSecond)
      this.counts.selectOfSecond(counts, this.everything);
  }

  /**
   * Judges the step if it is over and no worker owes a report of it.
   * @param second the newest closed second
   * @param completeThrough the newest second that all workers have reported
   * @returns whether it was judged
   */
  close(second: number, completeThrough: number): boolean {
    const { running } = this;
    if (!running || second < running.lastSecond + PATIENCE_SECONDS) return false;
    if (completeThrough < running.lastSecond) return false;
    this.judged = [...this.judged, this.judge(running)];
    this.running = undefined;
    return true;
  }

  private judge({ perSecond, firstSecond, lastSecond }: RunningStep): LimitStep {
    const heldSeconds = lastSecond - firstSecond + 1;
    const observed = this.search.while.map((condition) => {
      const { expression, unit } = condition;
      const figure = observedIn(condition, 'requests', this.counts, heldSeconds);
      const passed = figure !== undefined && meets(condition, figure);
      return { expression, unit, observed: figure === undefined ? null : rounded(figure), passed };
    });
    const { started, dropped } = this.counts.sums;
    const bottlenecks: (readonly string[])[] = [];
    for (let second = firstSecond; second <= lastSecond; second += 1) {
      const workers = this.workersIn(second);
      if (workers) bottlenecks.push(workers);
    }
    const untrusted = untrustedStep(perSecond, heldSeconds, {
      started,
      dropped,
      untrustedSeconds: bottlenecks.length,
      workers: [...new Set(bottlenecks.flat())],
    });
    const passed = untrusted === undefined && observed.every((one) => one.passed);
    return { perSecond, heldSeconds, observed, passed, ...(untrusted && { untrusted }) };
  }
}

/** Six decimals, as in thresholds. */
function rounded(figure: number): number {
  return Math.round(figure * 1e6) / 1e6;
}
