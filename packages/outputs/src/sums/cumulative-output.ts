import type { IntervalClosed, IntervalCorrected, IntervalsReset } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type { Output, OutputEnd, OutputRun } from '../output.js';
import { RunSums } from './run-sums.js';

/** An output whose figures count from the start of the run. */
export abstract class CumulativeOutput<Batch> implements Output<Batch> {
  protected readonly sums = new RunSums();

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
