/** So many of the last counted seconds are looked at. */
const LOOK_BACK_SECONDS = 10;

/** What was merged of a worker in each of its last seconds. */
export type StoredPace = readonly (readonly [second: number, requests: number])[];

/** How fast a worker works, from what was merged of it last. */
export class Pace {
  /** The newest second of which something is counted; all before it is, as reports come in order. */
  newestSecond: number | undefined;
  private readonly requests = new Map<number, number>();

  /** @param stored what another master had merged */
  constructor(stored: StoredPace = []) {
    for (const [second, requests] of stored) this.add(second, requests);
  }

  /** For another master. */
  get stored(): StoredPace {
    return [...this.requests];
  }

  /** @param foldedToSeconds how many seconds these requests may be spread over, from this one on */
  add(second: number, requests: number, foldedToSeconds = 1): void {
    this.newestSecond = Math.max(this.newestSecond ?? 0, second);
    const perSecond = (this.requests.get(second) ?? 0) + requests / foldedToSeconds;
    this.requests.set(second, perSecond);
    for (const old of this.requests.keys())
      if (old < this.newestSecond - LOOK_BACK_SECONDS) this.requests.delete(old);
  }

  /** Requests of its busiest second of late; nothing before a second is whole. */
  get perSecond(): number | undefined {
    return this.requests.size < 2 ? undefined : Math.max(...this.requests.values());
  }
}
