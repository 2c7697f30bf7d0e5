import type { Millis } from '@drumline/model';
import type { Dispatch } from './dispatch.js';
import type { Participant, StoredParticipant } from './participant.js';

/**
 * Selects the workers that may hold unmerged reports when a run is resumed: workers with users, and
 * workers that took part without any, because they were leaving or their lanes were blocked.
 */
export function owesReports(
  stored: readonly StoredParticipant[],
  dispatch: Dispatch,
): (worker: Participant) => boolean {
  const tookPart = stored.filter(({ state }) => state === 'running' || state === 'draining');
  const peers = new Set(tookPart.map(({ peer }) => peer));
  return (worker) => dispatch.has(worker) || peers.has(worker.peer);
}

export interface ReconnectGraceEvents {
  /** The worker did not come back in time. */
  absent(worker: Participant): void;
  /** No more workers are awaited. */
  over(): void;
}

/**
 * The grace period after a resume, in which the workers of the run reconnect. Users stay where they
 * are until all workers run again or are given up. Otherwise users of a returning worker would be
 * restarted for nothing.
 */
export class ReconnectGrace {
  private readonly timer: NodeJS.Timeout;
  private readonly awaited: Set<Participant>;

  /**
   * @param limitMs for the first message; a worker that has sent one is awaited as long as it is
   * alive
   */
  constructor(
    awaited: readonly Participant[],
    limitMs: Millis,
    private readonly events: ReconnectGraceEvents,
  ) {
    this.awaited = new Set(awaited);
    this.timer = setTimeout(() => this.giveUpMissing(), awaited.length === 0 ? 0 : limitMs);
  }

  /** Whether the worker is still awaited. */
  awaits(worker: Participant): boolean {
    return this.awaited.has(worker);
  }

  /** Stops waiting for a worker: it runs again, or never will. */
  settled(worker: Participant): void {
    if (this.awaited.delete(worker) && this.awaited.size === 0) this.end();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private giveUpMissing(): void {
    const absent = [...this.awaited].filter(({ state }) => state === 'missing');
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
