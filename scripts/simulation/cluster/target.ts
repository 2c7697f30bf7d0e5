/** An iteration of an open or fixed part that begins. */
export interface Started {
  /** The number of its part of the load. */
  readonly part: number;
  readonly number: number;
  /** How much later than due, on the clock of its lane. */
  readonly lateMs: number;
}

/** A row that a user has borrowed. */
export interface BorrowedRow {
  /** The user uses it once more. */
  use(): void;
  giveBack(): void;
}

/** The target's own counts by run. Every report is compared with them. */
export class Target {
  requests = 0;
  private readonly starts = new Map<string, Started[]>();
  private readonly taken = new Map<string, number[]>();
  /** Who has which borrowed row, by run and row. */
  private readonly borrowed = new Map<string, () => boolean>();
  /** Rows that somebody borrowed while somebody else had them. */
  readonly lentTwice: string[] = [];
  private readonly byRun = new Map<string, Map<string, number>>();

  receive(worker: string, runId: string): void {
    this.requests += 1;
    const ofRun = this.byRun.get(runId) ?? new Map<string, number>();
    ofRun.set(worker, (ofRun.get(worker) ?? 0) + 1);
    this.byRun.set(runId, ofRun);
  }

  start(runId: string, start: Started): void {
    const ofRun = this.starts.get(runId) ?? [];
    ofRun.push(start);
    this.starts.set(runId, ofRun);
  }

  /** A user has taken a row for good. */
  take(runId: string, row: number): void {
    this.taken.set(runId, [...this.takenIn(runId), row]);
  }

  /** The rows that users of a run have taken for good. */
  takenIn(runId: string): readonly number[] {
    return this.taken.get(runId) ?? [];
  }

  /** A user borrows a row. @param hasIt whether it may still use it, unless it gave it back */
  borrow(runId: string, row: number, hasIt: () => boolean): BorrowedRow {
    const id = `${row} of run ${runId}`;
    if (this.borrowed.get(id)?.() === true) this.lentTwice.push(id);
    this.borrowed.set(id, hasIt);
    const isCurrent = (): boolean => this.borrowed.get(id) === hasIt;
    return {
      use: () => {
        if (!isCurrent()) this.lentTwice.push(id);
      },
      giveBack: () => {
        if (isCurrent()) this.borrowed.delete(id);
      },
    };
  }

  /** The iterations of an open or fixed part that have begun. */
  startsOf(runId: string, part: number): readonly Started[] {
    return (this.starts.get(runId) ?? []).filter((start) => start.part === part);
  }

  /** The latest of all starts, after its due time. */
  get latestStartMs(): number {
    return [...this.starts.values()].flat().reduce((latest, { lateMs }) => Math.max(latest, lateMs), 0);
  }

  /** Requests of one worker in a run. */
  requestsOf(worker: string, runId: string): number {
    return this.byRun.get(runId)?.get(worker) ?? 0;
  }

  /** Requests of all workers in a run. */
  requestsIn(runId: string): number {
    return [...(this.byRun.get(runId)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }
}
