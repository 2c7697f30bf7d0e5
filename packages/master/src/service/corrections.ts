import type { IntervalEvent } from '@drumline/stats';

/**
 * Remembers which closed seconds late reports have corrected. A reader that was away receives these
 * corrections when it returns. A master that resumes a run begins without any.
 */
export class Corrections {
  /** By the number of the interval: the newest closed interval when it was last corrected. */
  private readonly madeAfter = new Map<number, number>();

  /** @param newest number of the newest closed interval */
  add(number: number, newest: number): void {
    this.madeAfter.set(number, newest);
  }

  /** Forgets everything: the earlier seconds are discarded. */
  clear(): void {
    this.madeAfter.clear();
  }

  /**
   * The intervals that a reader has and that may have been corrected since, in order.
   * @param lastNumber number of its last interval
   */
  missedAfter(lastNumber: number): number[] {
    return [...this.madeAfter]
      .filter(([number, newest]) => number <= lastNumber && newest >= lastNumber)
      .map(([number]) => number)
      .sort((a, b) => a - b);
  }
}

/**
 * Whether a correction changes the point of its second. One that only brings response times of
 * series, or metrics, does not.
 */
export function changesPoint({ counts, isMarked }: Extract<IntervalEvent, { type: 'corrected' }>): boolean {
  if (isMarked) return true;
  const { series, checks, exceptions, schedule = [], coarseLatency } = counts;
  return (
    series.length + checks.length + exceptions.length + schedule.length > 0 || coarseLatency !== undefined
  );
}
