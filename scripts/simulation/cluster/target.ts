/** The target's own count: what every report is held against. */
export class Target {
  requests = 0;
  private readonly byWorker = new Map<string, number>();

  /** A request of a worker has come. */
  receive(worker: string): void {
    this.requests += 1;
    this.byWorker.set(worker, this.requestsOf(worker) + 1);
  }

  requestsOf(worker: string): number {
    return this.byWorker.get(worker) ?? 0;
  }
}
