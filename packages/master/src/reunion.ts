import type { Millis } from '@drumline/model';
import type { WorkerRecord } from './registry.js';

/**
 * The time after a run was taken up in which the workers that ran come back. Until all are there, or it is over, users stay where
 * they are: moving those of a worker that is about to come back would restart them for nothing.
 */
export class Reunion {
  private readonly timer: NodeJS.Timeout;
  private readonly awaited: Set<WorkerRecord>;

  /** @param onOver hears once of those that did not come back in time */
  constructor(
    awaited: readonly WorkerRecord[],
    limitMs: Millis,
    private readonly onOver: (absent: readonly WorkerRecord[]) => void,
  ) {
    this.awaited = new Set(awaited);
    this.timer = setTimeout(() => this.end(), awaited.length === 0 ? 0 : limitMs);
  }

  /** Whether the worker is still to come. */
  awaits(worker: WorkerRecord): boolean {
    return this.awaited.has(worker);
  }

  /** The worker works again, or will not any more. */
  settled(worker: WorkerRecord): void {
    if (this.awaited.delete(worker) && this.awaited.size === 0) this.end();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private end(): void {
    this.close();
    const absent = [...this.awaited];
    this.awaited.clear();
    this.onOver(absent);
  }
}
