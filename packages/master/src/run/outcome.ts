import { DrumlineError, EXIT_CODES } from '@drumline/model';
import type { RunResult, RunView } from '@drumline/wire';

/** How a run ended: with a result, or with the reason why there is none. */
export class Outcome {
  /** The result. Rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  /** Set before the end is shown. */
  result: RunResult | undefined;
  private failure: Error | undefined;
  private endedAt: string | undefined;
  private resolve!: (result: RunResult) => void;
  private reject!: (error: Error) => void;

  constructor() {
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.finished.catch(() => {});
  }

  /** How the run ended; empty before its end. */
  get view(): Pick<RunView, 'endedAt' | 'verdict' | 'exitCode'> {
    const { result, failure, endedAt } = this;
    if (result) return { endedAt: result.run.endedAt, verdict: result.verdict, exitCode: result.exitCode };
    if (!failure || endedAt === undefined) return {};
    const { exitCode } = failure instanceof DrumlineError ? failure : EXIT_CODES.internal;
    return { endedAt, exitCode };
  }

  /** Why there is no result. */
  get problem(): string | undefined {
    return this.failure?.message;
  }

  /** The end has been shown. */
  finish(): void {
    if (this.result) this.resolve(this.result);
  }

  /** @returns whether the run had not ended before */
  fail(error: Error): boolean {
    const isFirst = !this.failure && !this.result;
    this.failure ??= error;
    this.endedAt ??= new Date().toISOString();
    this.reject(error);
    return isFirst;
  }
}
