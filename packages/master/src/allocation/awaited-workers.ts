import type { Millis } from '@drumline/model';
import { isReplaced } from './on-lanes.js';
import type { Participant } from './participant.js';

interface Wait {
  /** The latest time to wait, on the master's clock. */
  readonly untilMs: Millis;
  readonly onEnd: () => void;
}

/** Workers that are gone and keep their users. */
export class AwaitedWorkers {
  private readonly waits = new Map<Participant, Wait>();

  /**
   * Keeps the users of a lost worker until it comes back or a worker of the same name joins.
   * @param untilMs the latest time to keep them, on the master's clock
   * @param onEnd called before others get its users, and when it is back
   */
  add(worker: Participant, untilMs: Millis = Infinity, onEnd: () => void = () => {}): void {
    this.waits.set(worker, { untilMs, onEnd });
  }

  has(worker: Participant): boolean {
    return this.waits.has(worker);
  }

  get all(): readonly Participant[] {
    return [...this.waits.keys()];
  }

  /** Stops waiting for workers that are back, or whose name another worker has. */
  replace(present: readonly Participant[]): void {
    this.end((worker) => isReplaced(worker, present));
  }

  /**
   * Stops waiting for workers whose time is up. @returns whether there were any, so that users must
   * be placed again
   */
  giveUpOverdue(nowMs: Millis): boolean {
    return this.end((_, { untilMs }) => untilMs <= nowMs);
  }

  private end(isOver: (worker: Participant, wait: Wait) => boolean): boolean {
    const over = [...this.waits].filter(([worker, wait]) => isOver(worker, wait));
    for (const [worker, { onEnd }] of over) {
      onEnd();
      this.waits.delete(worker);
    }
    return over.length > 0;
  }
}
