import type { LaneNumber } from '@drumline/wire';

export interface NumberedWorker {
  /** The lane group of each of its lanes. */
  readonly laneGroups: readonly string[];
}

/**
 * Numbers the lanes of each lane group, in the order in which workers start. No number is reused.
 */
export class LaneNumbers<Worker extends NumberedWorker> {
  private readonly counts = new Map<string, number>();
  private readonly indexes = new Map<Worker, readonly number[]>();

  /** Numbers the lanes of a worker unless they have numbers already. */
  add(worker: Worker): void {
    if (this.indexes.has(worker)) return;
    const numbered = worker.laneGroups.map((group) => {
      const index = this.counts.get(group) ?? 0;
      this.counts.set(group, index + 1);
      return index;
    });
    this.indexes.set(worker, numbered);
  }

  /**
   * @returns for each lane of the worker its number in its group, and how many lanes of the group
   * have a number so far
   */
  of(worker: Worker): LaneNumber[] {
    const indexes = this.indexes.get(worker) ?? [];
    return indexes.map((index, lane) => ({ index, count: this.counts.get(worker.laneGroups[lane]!)! }));
  }
}
