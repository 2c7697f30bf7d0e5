import type { Millis } from '@drumline/model';

/** The order to stop all users, and the wait until the workers have done so. */
export class DrainOrder {
  /** Resolves when every worker has reported everything or is lost, or at the time limit. */
  readonly settled: Promise<void>;
  private readonly timer: NodeJS.Timeout;
  private resolve: () => void = () => {};

  constructor(
    readonly stopTimeoutMs: Millis,
    limitMs: Millis,
  ) {
    this.settled = new Promise((resolve) => (this.resolve = resolve));
    this.timer = setTimeout(this.resolve, limitMs);
  }

  settle(): void {
    clearTimeout(this.timer);
    this.resolve();
  }
}
