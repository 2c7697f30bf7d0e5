import type { Millis } from '@drumline/model';
import type { Participant } from '../allocation/participant.js';

/** Users that an unreachable worker may still run. */
interface UnreachableWorker {
  readonly users: number;
  /** When it must have stopped them; milliseconds since the start. */
  readonly untilMs: Millis;
}

/** Tracks unreachable workers, whose users may run until they must have stopped. */
export class UnreachableUsers {
  private readonly workers = new Map<Participant, UnreachableWorker>();

  lost(worker: Participant, unreachable: UnreachableWorker): void {
    if (unreachable.users > 0) this.workers.set(worker, unreachable);
  }

  returned(worker: Participant): void {
    this.workers.delete(worker);
  }

  /** How many users may run on unreachable workers at a time since the start. */
  usersAt(elapsedMs: Millis): number {
    let users = 0;
    for (const [worker, unreachable] of this.workers) {
      if (unreachable.untilMs > elapsedMs) users += unreachable.users;
      else this.workers.delete(worker);
    }
    return users;
  }
}
