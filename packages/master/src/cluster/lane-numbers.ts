import type { LaneNumber } from '@drumline/wire';

/** A worker, as far as its lanes are numbered. */
export interface NumberedWorker {
  /** The group of each of its lanes. */
  readonly laneGroups: readonly string[];
}

/**
 * Numbers the lanes of each group, in the order in which workers begin. No number is given twice.
 */
export class LaneNumbers<Worker extends NumberedWorker> {
  private readonly counts = new Map<string, number>();
  private readonly indexes = new Map<Worker, readonly number[]>();

  /** Numbers a worker's lanes, unless they are numbered already. */
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
   * @returns for each lane of a worker its number in its group, and how many lanes of the group are
   * numbered so far
   */
  of(worker: Worker): LaneNumber[] {
    const indexes = this.indexes.get(worker) ?? [];
    return indexes.map((index, lane) => ({ index, count: this.counts.get(worker.laneGroups[lane]!)! }));
  }
}
