import type { IntervalDelta } from './delta.js';
import type { IntervalEvent, IntervalState } from './interval.js';
import { IntervalBlock, type CollectedSeconds } from './interval-block.js';

/** What earlier seconds have gained after their intervals were handed out. */
export interface LateCounts {
  readonly deltas: readonly IntervalDelta[];
  /** The first and the last of the seconds. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** An interval of one or several seconds, with what is needed to compute its figures. */
export interface FedInterval extends CollectedSeconds {
  readonly state: IntervalState;
  /** What earlier seconds have gained since; absent if that is nothing. */
  readonly late?: LateCounts;
}

/**
 * Makes intervals of some length from those of the run. Each count is in one of them: in its own
 * interval, or as late in a later one.
 */
export class IntervalFeed {
  private readonly block: IntervalBlock;
  private late: LateCounts | undefined;
  /** The newest interval, while the run ends: what is late can still be added. */
  private held: (CollectedSeconds & Pick<FedInterval, 'state'>) | undefined;
  private state: IntervalState | undefined;

  /**
   * @param length of the intervals in seconds: 1 or 10
   * @param isEnding whether the load has ended, so that any second can be the last one
   */
  constructor(
    private readonly length: number,
    private readonly push: (interval: FedInterval) => void,
    private readonly isEnding: () => boolean = () => false,
  ) {
    this.block = new IntervalBlock(length);
  }

  take(event: IntervalEvent): void {
    if (event.type === 'reset') {
      this.block.restart();
      this.late = this.held = undefined;
      return;
    }
    const counts = this.length === 1 ? withoutWindows(event.counts) : event.counts;
    if (event.type === 'corrected') return this.correct(counts);
    this.state = event.state;
    this.hold(this.block.close(event.second, [counts]));
    if (!this.isEnding()) this.release();
  }

  /**
   * Hands out what is left.
   * @returns what was late for all intervals; undefined if that is nothing
   */
  end(): LateCounts | undefined {
    this.hold(this.block.end());
    this.release();
    return this.late;
  }

  private correct(counts: IntervalDelta): void {
    const { held } = this;
    if (held && counts.second >= held.fromSecond) this.held = { ...held, deltas: [...held.deltas, counts] };
    else if (!this.block.correct(counts)) this.addLate(counts);
  }

  private addLate(counts: IntervalDelta): void {
    if (isEmpty(counts)) return;
    const { second } = counts;
    const { deltas, fromSecond, toSecond } = this.late ?? {
      deltas: [],
      fromSecond: second,
      toSecond: second,
    };
    this.late = {
      deltas: [...deltas, counts],
      fromSecond: Math.min(fromSecond, second),
      toSecond: Math.max(toSecond, second),
    };
  }

  private hold(collected: CollectedSeconds | undefined): void {
    if (!collected || !this.state) return;
    this.release();
    this.held = { ...collected, state: this.state };
  }

  private release(): void {
    const { held, late } = this;
    if (!held) return;
    this.held = this.late = undefined;
    this.push({ ...held, ...(late && { late }) });
  }
}

/** Windows are response times of earlier seconds. */
function withoutWindows(counts: IntervalDelta): IntervalDelta {
  if (counts.windows === undefined) return counts;
  const own = { ...counts };
  delete own.windows;
  return own;
}

function isEmpty({
  series,
  checks,
  metrics,
  exceptions,
  schedule = [],
  windows = [],
}: IntervalDelta): boolean {
  return [series, checks, metrics, exceptions, schedule, windows].every(({ length }) => length === 0);
}
