/** Requests of one user per second. */
export interface Rate {
  /** In the busiest second of the sample. */
  readonly most: number;
  readonly mean: number;
  /** Requests in the sample: few of them tell little. */
  readonly sample: number;
}

/** Number of recent seconds that the rate is computed from. */
const LOOK_BACK_SECONDS = 10;

interface Second {
  requests: number;
  /** The lowest number of users reported in this second. */
  users: number;
  mostUsers: number;
}

/** The merged requests of a worker in each recent second, with its fewest and most users. */
export type StoredPace = readonly (readonly [
  second: number,
  requests: number,
  users: number,
  mostUsers: number,
])[];

/** The recent request rate of a worker, from its merged reports. */
export class Pace {
  /**
   * The newest second with results. Reports arrive in order, so all earlier seconds are complete.
   */
  newestSecond: number | undefined;
  /** Whether the worker has made any request. */
  hasRequests = false;
  private readonly seconds = new Map<number, Second>();

  /** @param stored what another master recorded */
  constructor(stored: StoredPace = []) {
    for (const [second, requests, least, users] of stored) this.add(second, requests, users, { least });
  }

  /** The state to store for another master. @param throughSecond later seconds are not stored */
  storedThrough(throughSecond: number): StoredPace {
    return [...this.seconds]
      .filter(([second]) => second <= throughSecond)
      .map(([second, { requests, users, mostUsers }]) => [second, requests, users, mostUsers]);
  }

  /**
   * @param users that the worker last reported as running
   * @param least the fewest users that may have made the requests; 0 if that is unknown
   * @param foldedToSeconds number of seconds that these requests may spread over, from this one on
   */
  add(
    second: number,
    requests: number,
    users: number,
    { least = users, foldedToSeconds = 1 }: { least?: number; foldedToSeconds?: number | undefined } = {},
  ): void {
    this.hasRequests ||= requests > 0;
    this.newestSecond = Math.max(this.newestSecond ?? 0, second);
    const known = this.seconds.get(second) ?? { requests: 0, users: least, mostUsers: users };
    known.requests += requests / foldedToSeconds;
    known.users = Math.min(known.users, least);
    known.mostUsers = Math.max(known.mostUsers, users);
    this.seconds.set(second, known);
    for (const old of this.seconds.keys())
      if (old < this.newestSecond - LOOK_BACK_SECONDS) this.seconds.delete(old);
  }

  /** Maximum number of users that it recently ran. */
  get mostUsers(): number {
    return Math.max(0, ...[...this.seconds.values()].map(({ mostUsers }) => mostUsers));
  }

  /** The recent requests per second; undefined before a second is complete. */
  get perSecond(): Rate | undefined {
    const whole = [...this.seconds].filter(([second]) => second !== this.newestSecond);
    if (whole.length === 0) return undefined;
    const counts = [...this.seconds.values()].map(({ requests }) => requests);
    const sum = whole.reduce((total, [, { requests }]) => total + requests, 0);
    return { most: Math.max(...counts), mean: sum / whole.length, sample: sum };
  }

  /** The second from which the rates are computed. */
  get fromSecond(): number {
    return Math.min(...this.seconds.keys());
  }

  /**
   * The recent request rate of one user; undefined before a second is complete, and if no users
   * ran.
   */
  get rate(): Rate | undefined {
    if (this.seconds.size < 2) return undefined;
    const withUsers = [...this.seconds].filter(([, { users }]) => users > 0);
    const rates = withUsers.map(([second, { requests, users }]) => ({
      second,
      requests,
      rate: requests / users,
    }));
    // The newest second may be incomplete.
    const whole = rates.filter(({ second }) => second !== this.newestSecond);
    if (whole.length === 0) return undefined;
    const mean = whole.reduce((sum, { rate }) => sum + rate, 0) / whole.length;
    const sample = whole.reduce((sum, { requests }) => sum + requests, 0);
    return { most: Math.max(...rates.map(({ rate }) => rate)), mean, sample };
  }
}
