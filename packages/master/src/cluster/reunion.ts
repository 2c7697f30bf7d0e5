import type { Millis } from '@drumline/model';
import type { Dispatch } from './dispatch.js';
import type { WorkerRecord } from './registry.js';
import type { StoredWorker } from '../store/run-store.js';

/** Who may have reports that are not merged when a master takes a run up: who has users, and who took part without, as one that was leaving or whose lanes stand still. */
export function whoOwes(
  stored: readonly StoredWorker[],
  dispatch: Dispatch,
): (worker: WorkerRecord) => boolean {
  const tookPart = stored.filter(({ state }) => state === 'running' || state === 'draining');
  const peers = new Set(tookPart.map(({ peer }) => peer));
  return (worker) => dispatch.has(worker) || peers.has(worker.peer);
}

/** What becomes of a reunion. */
export interface ReunionEvents {
  /** The worker did not come back in time. */
  absent(worker: WorkerRecord): void;
  /** Nobody is waited for any more. */
  over(): void;
}

/**
 * The time after a run was taken up in which the workers that ran come back. Until all run again, or are given up, users stay where
 * they are: moving those of a worker that is about to come back would restart them for nothing.
 */
export class Reunion {
  private readonly timer: NodeJS.Timeout;
  private readonly awaited: Set<WorkerRecord>;

  /** @param limitMs for a first word; whoever has spoken by then is waited for as long as it is alive */
  constructor(
    awaited: readonly WorkerRecord[],
    limitMs: Millis,
    private readonly events: ReunionEvents,
  ) {
    this.awaited = new Set(awaited);
    this.timer = setTimeout(() => this.giveUpMissing(), awaited.length === 0 ? 0 : limitMs);
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

  private giveUpMissing(): void {
    const absent = [...this.awaited].filter(({ machine }) => machine.state === 'missing');
    for (const worker of absent) {
      this.awaited.delete(worker);
      this.events.absent(worker);
    }
    if (this.awaited.size === 0) this.end();
  }

  private end(): void {
    this.close();
    this.events.over();
  }
}
