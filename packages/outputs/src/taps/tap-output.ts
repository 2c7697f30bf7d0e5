import type { IntervalClosed, IntervalCorrected, IntervalEvent, IntervalsReset } from '@drumline/stats';
import type { RunEventView, TapRecord } from '@drumline/wire';
import type { Output, OutputEnd, OutputRun, ResumedRun } from '../output.js';
import { encodeRecord, type EncodedRecord } from './records/encoded-record.js';
import { startOf, type RecordsStart } from './records/resumed-records.js';
import { RunRecords } from './records/run-records.js';
import { seqOfSecond } from './records/sequence.js';

/** The run of a tap. */
export interface TapRun extends OutputRun {
  /** The number of the record before the first one that it gets; 0 if this master began the run. */
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
  private start: RecordsStart | undefined;
  /** Position of the last event that another master has shown. */
  private shown = 0;

  constructor(private readonly sink: TapSink) {}

  async check(): Promise<void> {
    await this.sink.check();
  }

  async open(run: OutputRun): Promise<void> {
    this.start ??= run.resumed && startOf(run.resumed, run.fromSecond);
    const { fromSecond = run.fromSecond, sum } = this.start ?? {};
    this.records ??= new RunRecords({ ...run, fromSecond }, sum);
    await this.sink.open({ ...run, fromSecond, seqBefore: seqOfSecond(fromSecond) - 1 });
  }

  /** Records of a block of seconds are made again, so that readers can resume after any of them. */
  written({ position }: ResumedRun, sent: number): number {
    this.shown = sent;
    return this.start?.position ?? position;
  }

  interval(second: IntervalClosed, position: number): readonly EncodedRecord[] | undefined {
    return this.take(second, position);
  }

  correction(second: IntervalCorrected, position: number): readonly EncodedRecord[] | undefined {
    return this.take(second, position);
  }

  reset(reset: IntervalsReset, position: number): readonly EncodedRecord[] | undefined {
    return this.take(reset, position);
  }

  event(event: RunEventView): undefined {
    this.records?.event(event);
    return undefined;
  }

  end(end: OutputEnd): readonly EncodedRecord[] | undefined {
    return encoded(this.records?.end(end) ?? [], false);
  }

  async send(records: readonly EncodedRecord[], signal: AbortSignal): Promise<void> {
    await this.sink.write(records, signal);
  }

  async close(): Promise<void> {
    await this.sink.close();
  }

  private take(event: IntervalEvent, position: number): readonly EncodedRecord[] | undefined {
    return encoded(this.records?.take(event) ?? [], position <= this.shown);
  }
}

function encoded(records: readonly TapRecord[], isRepeated: boolean): readonly EncodedRecord[] | undefined {
  return records.length === 0 ? undefined : records.map((record) => encodeRecord(record, isRepeated));
}
