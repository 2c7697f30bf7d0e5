import type { IntervalClosed, IntervalCorrected, IntervalEvent, IntervalsReset } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type { Output, OutputEnd, OutputRun } from '../output.js';
import { encodeRecord, type EncodedRecord } from './records/encoded-record.js';
import { RunRecords } from './records/run-records.js';
import { seqOfSecond } from './records/sequence.js';

/** The run of a tap. */
export interface TapRun extends OutputRun {
  /** The number of the last record that another master has made; 0 if this one began the run. */
  readonly seqBefore: number;
}

/** Where a tap offers its records. */
export interface TapSink {
  /** As `Output.check`. */
  check(): Promise<void>;
  /** As `Output.open`. */
  open(run: TapRun): Promise<void>;
  /** Offers records. After an error it receives the same records again. */
  write(records: readonly EncodedRecord[], signal: AbortSignal): Promise<void>;
  /** As `Output.close`. */
  close(): Promise<void>;
}

/** Makes the records of a run, and offers them. */
export class TapOutput implements Output<readonly EncodedRecord[]> {
  private records: RunRecords | undefined;

  constructor(private readonly sink: TapSink) {}

  async check(): Promise<void> {
    await this.sink.check();
  }

  async open(run: OutputRun): Promise<void> {
    this.records ??= new RunRecords(run);
    await this.sink.open({ ...run, seqBefore: seqOfSecond(run.fromSecond) - 1 });
  }

  interval(second: IntervalClosed): readonly EncodedRecord[] | undefined {
    return this.take(second);
  }

  correction(second: IntervalCorrected): readonly EncodedRecord[] | undefined {
    return this.take(second);
  }

  reset(reset: IntervalsReset): readonly EncodedRecord[] | undefined {
    return this.take(reset);
  }

  event(event: RunEventView): undefined {
    this.records?.event(event);
    return undefined;
  }

  end(end: OutputEnd): readonly EncodedRecord[] | undefined {
    return this.encoded(this.records?.end(end) ?? []);
  }

  async send(records: readonly EncodedRecord[], signal: AbortSignal): Promise<void> {
    await this.sink.write(records, signal);
  }

  async close(): Promise<void> {
    await this.sink.close();
  }

  private take(event: IntervalEvent): readonly EncodedRecord[] | undefined {
    return this.encoded(this.records?.take(event) ?? []);
  }

  private encoded(records: ReturnType<RunRecords['take']>): readonly EncodedRecord[] | undefined {
    return records.length === 0 ? undefined : records.map(encodeRecord);
  }
}
