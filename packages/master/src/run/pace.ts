import type { Rate } from './uncounted.js';

/** So many of the last counted seconds are looked at. */
const LOOK_BACK_SECONDS = 10;

interface Second {
  requests: number;
  /** The fewest that ran while it was reported. */
  users: number;
  mostUsers: number;
}

/** What was merged of a worker in each of its last seconds. Older files lack the users. */
export type StoredPace = readonly (readonly [second: number, requests: number, users?: number])[];

/** How fast a worker works, from what was merged of it last. */
export class Pace {
  /** The newest second of which something is counted; all before it is, as reports come in order. */
  newestSecond: number | undefined;
  private readonly seconds = new Map<number, Second>();

  /** @param stored what another master had merged */
  constructor(stored: StoredPace = []) {
    for (const [second, requests, users = 0] of stored) this.add(second, requests, users);
  }

  /** For another master. */
  get stored(): StoredPace {
    return [...this.seconds].map(([second, { requests, users }]) => [second, requests, users]);
  }

  /**
   * @param users that the worker ran, as it last said
   * @param foldedToSeconds how many seconds these requests may be spread over, from this one on
   */
  add(second: number, requests: number, users: number, foldedToSeconds = 1): void {
    this.newestSecond = Math.max(this.newestSecond ?? 0, second);
    const known = this.seconds.get(second) ?? { requests: 0, users, mostUsers: users };
    known.requests += requests / foldedToSeconds;
    known.users = Math.min(known.users, users);
    known.mostUsers = Math.max(known.mostUsers, users);
    this.seconds.set(second, known);
    for (const old of this.seconds.keys())
      if (old < this.newestSecond - LOOK_BACK_SECONDS) this.seconds.delete(old);
  }

  /** The most users that it ran of late. */
  get mostUsers(): number {
    return Math.max(0, ...[...this.seconds.values()].map(({ mostUsers }) => mostUsers));
  }

  /** Of one of its users, of late; nothing before a second is whole, and where no users ran. */
  get rate(): Rate | undefined {
    if (this.seconds.size < 2) return undefined;
    const withUsers = [...this.seconds].filter(([, { users }]) => users > 0);
    const rates = withUsers.map(([second, { requests, users }]) => ({ second, rate: requests / users }));
    // The newest second may not be whole.
    const whole = rates.filter(({ second }) => second !== this.newestSecond).map(({ rate }) => rate);
    if (whole.length === 0) return undefined;
    const mean = whole.reduce((sum, rate) => sum + rate, 0) / whole.length;
    return { most: Math.max(...rates.map(({ rate }) => rate)), mean };
  }
}
