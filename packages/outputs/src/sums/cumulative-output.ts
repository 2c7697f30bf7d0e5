import type { IntervalClosed, IntervalCorrected, IntervalsReset } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type { Output, OutputEnd, OutputRun, OutputState, ResumedRun } from '../output.js';
import { RunSums } from './run-sums.js';

/** An output whose figures count from the start of the run. */
export abstract class CumulativeOutput<Batch> implements Output<Batch> {
  protected readonly sums = new RunSums();

  follow(states: () => readonly OutputState[]): void {
    this.sums.outputs = states;
  }

  /** Goes on with the counts of the other master, so that it needs none of its events. */
  written(run: ResumedRun, _sent: number): number {
    this.sums.resume(run);
    return run.position;
  }

  interval(second: IntervalClosed): Batch | undefined {
    this.sums.closed(second);
    return this.batch(second);
  }

  correction(second: IntervalCorrected): Batch | undefined {
    this.sums.corrected(second);
    return undefined;
  }

  reset(reset: IntervalsReset): Batch | undefined {
    this.sums.reset(reset);
    return undefined;
  }

  event(event: RunEventView): Batch | undefined {
    this.sums.event(event);
    return undefined;
  }

  abstract open(run: OutputRun): Promise<void>;
  abstract end(end: OutputEnd): Batch | undefined;
  abstract send(batch: Batch, signal: AbortSignal): Promise<void>;
  abstract close(): Promise<void>;

  /** What is sent after a second, if anything. */
  protected abstract batch(second: IntervalClosed): Batch | undefined;
}
