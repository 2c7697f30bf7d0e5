import type { Millis } from '@drumline/model';
import { epochOfGrant } from './grant-ids.js';

/** When lanes first reported that they know their grants, in run time. */
export class ConfirmedGrants {
  private sinceMs = new Map<number, Millis>();

  /** A worker that has the orders of an epoch has heard of these grants, or lacks them. */
  hear(grants: Iterable<number>, epoch: number, runMs: Millis): void {
    for (const grant of grants) {
      if (epochOfGrant(grant) > epoch) this.sinceMs.delete(grant);
      else if (!this.sinceMs.has(grant)) this.sinceMs.set(grant, runMs);
    }
  }

  /** Another master made this grant, and its lane must have known it by this time. */
  assume(grant: number, runMs: Millis): void {
    this.sinceMs.set(grant, runMs);
  }

  has(grant: number): boolean {
    return this.sinceMs.has(grant);
  }

  /** When the grant was confirmed; `Infinity` if it was not. */
  sinceMsOf(grant: number): Millis {
    return this.sinceMs.get(grant) ?? Infinity;
  }

  /** Forgets all grants but these. */
  keep(grants: Iterable<number>): void {
    const kept = new Map<number, Millis>();
    for (const grant of grants) {
      const sinceMs = this.sinceMs.get(grant);
      if (sinceMs !== undefined) kept.set(grant, sinceMs);
    }
    this.sinceMs = kept;
  }
}
