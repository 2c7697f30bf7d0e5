import type { IntervalClosed, IntervalCorrected, IntervalsReset } from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import { LineOutput } from '../line-output.js';
import type { OutputEnd, OutputRun } from '../output.js';
import { correctionRecord, secondRecord } from '../record.js';

/** Writes lines of JSON: the run, each second, corrections, events, and the result. */
export class NdjsonOutput extends LineOutput {
  private startedAtMs = 0;

  /** @param append whether the lines of earlier runs are kept */
  constructor(
    path: string,
    private readonly append: boolean,
  ) {
    super(path);
  }

  override async open(run: OutputRun): Promise<void> {
    this.startedAtMs = Date.parse(run.startedAt);
    const { runId, scenario, startedAt, labels, target, fromSecond } = run;
    await this.file.begin(run, '', this.append);
    await this.file.write(line({ type: 'run', runId, scenario, startedAt, labels, target, fromSecond }));
  }

  override interval(second: IntervalClosed): string {
    return line(secondRecord(second, this.startedAtMs));
  }

  override correction(second: IntervalCorrected): string {
    return line({
      ...correctionRecord(second, this.startedAtMs),
      ...(second.isMarked && { untrusted: true }),
    });
  }

  reset(reset: IntervalsReset): string {
    return line(reset);
  }

  event(event: RunEventView): string {
    return line({ type: 'event', event });
  }

  override end(end: OutputEnd): string | undefined {
    super.end(end);
    const { result, continues } = end;
    return continues ? undefined : line({ type: 'end', ...(result && { result }) });
  }
}

function line(record: object): string {
  return `${JSON.stringify(record)}\n`;
}
