import type { RunResult } from '@drumline/wire';

/** How a run ended: with a result, or with the reason why there is none. */
export class Outcome {
  /** The result. Rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  /** Set before the end is shown. */
  result: RunResult | undefined;
  private resolve!: (result: RunResult) => void;
  private reject!: (error: Error) => void;

  constructor() {
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.finished.catch(() => {});
  }

  /** The end has been shown. */
  finish(): void {
    if (this.result) this.resolve(this.result);
  }

  fail(error: Error): void {
    this.reject(error);
  }
}
