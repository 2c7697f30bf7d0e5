import type { Millis } from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';

/** Users that a worker out of reach may still be running. */
interface Stray {
  readonly users: number;
  /** Then it has stopped them at the latest; milliseconds since the start. */
  readonly untilMs: Millis;
}

/** The workers that are cut off and may go on: until they must have stopped, their users are possibly still running. */
export class Strays {
  private readonly strays = new Map<WorkerRecord, Stray>();

  lost(worker: WorkerRecord, stray: Stray): void {
    if (stray.users > 0) this.strays.set(worker, stray);
  }

  back(worker: WorkerRecord): void {
    this.strays.delete(worker);
  }

  /** How many users may be running out of reach at a time since the start. */
  usersAt(elapsedMs: Millis): number {
    let users = 0;
    for (const [worker, stray] of this.strays) {
      if (stray.untilMs > elapsedMs) users += stray.users;
      else this.strays.delete(worker);
    }
    return users;
  }
}
