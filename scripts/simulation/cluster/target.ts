/** The target's own counts by run. Every report is compared with them. */
export class Target {
  requests = 0;
  private readonly byRun = new Map<string, Map<string, number>>();

  receive(worker: string, runId: string): void {
    this.requests += 1;
    const ofRun = this.byRun.get(runId) ?? new Map<string, number>();
    ofRun.set(worker, (ofRun.get(worker) ?? 0) + 1);
    this.byRun.set(runId, ofRun);
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
