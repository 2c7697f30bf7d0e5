import type { Millis } from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';

/** Users that an unreachable worker may still run. */
interface Stray {
  readonly users: number;
  /** When it must have stopped them; milliseconds since the start. */
  readonly untilMs: Millis;
}

/** Tracks unreachable workers, whose users may run until they must have stopped. */
export class Strays {
  private readonly strays = new Map<WorkerRecord, Stray>();

  lost(worker: WorkerRecord, stray: Stray): void {
    if (stray.users > 0) this.strays.set(worker, stray);
  }

  back(worker: WorkerRecord): void {
    this.strays.delete(worker);
  }

  /** How many users may run on unreachable workers at a time since the start. */
  usersAt(elapsedMs: Millis): number {
    let users = 0;
    for (const [worker, stray] of this.strays) {
      if (stray.untilMs > elapsedMs) users += stray.users;
      else this.strays.delete(worker);
    }
    return users;
  }
}
