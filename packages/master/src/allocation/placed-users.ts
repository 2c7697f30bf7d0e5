import type { Millis } from '@drumline/model';

/** Users of a worker from a time on, milliseconds since the start. */
export interface PlacedCount {
  readonly fromMs: Millis;
  readonly users: number;
}

/** More changes than this within the reports of a worker are combined. */
const MAX_COUNTS = 32;

/** How many users were recently placed on a worker. It may have run them since its last report. */
export class PlacedUsers {
  /** @param counts what another master recorded */
  constructor(private counts: readonly PlacedCount[] = []) {}

  /** The state to store for another master. */
  get stored(): readonly PlacedCount[] {
    return this.counts;
  }

  /**
   * Records how many users are placed at a time.
   * @param reportedMs everything that the worker did until then is stored
   * @returns whether the number has changed
   */
  add(atMs: Millis, users: number, reportedMs: Millis): boolean {
    const last = this.counts.at(-1);
    if (last?.users === users) return false;
    // What was placed until the last stored report ends with the next count.
    const kept = this.counts.filter((_, index) => (this.counts[index + 1]?.fromMs ?? atMs) > reportedMs);
    const counts = [...kept, { fromMs: atMs, users }];
    const [oldest, next, ...rest] = counts;
    this.counts =
      counts.length > MAX_COUNTS
        ? [{ fromMs: oldest!.fromMs, users: Math.max(oldest!.users, next!.users) }, ...rest]
        : counts;
    return true;
  }

  /**
   * Records that up to this many users ran since the last change, because the load asked for more.
   * @returns whether the number has changed
   */
  raise(users: number): boolean {
    const last = this.counts.at(-1);
    if (!last || last.users >= users) return false;
    this.counts = [...this.counts.slice(0, -1), { ...last, users }];
    return true;
  }

  /** The most users from a time on; 0 if none were placed. */
  mostSince(fromMs: Millis): number {
    const counts = this.counts.filter((_, index) => (this.counts[index + 1]?.fromMs ?? Infinity) > fromMs);
    return counts.reduce((most, { users }) => Math.max(most, users), 0);
  }
}
