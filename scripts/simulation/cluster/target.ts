/** The target's own count. Every report is compared with it. */
export class Target {
  requests = 0;
  private readonly byWorker = new Map<string, number>();

  receive(worker: string): void {
    this.requests += 1;
    this.byWorker.set(worker, this.requestsOf(worker) + 1);
  }

  requestsOf(worker: string): number {
    return this.byWorker.get(worker) ?? 0;
  }
}
