import type { IntervalClosed, IntervalCorrected } from '@drumline/stats';
import { LineFile } from './line-file.js';
import type { Output, OutputEnd, OutputRun } from './output.js';

/** An output that writes lines of text to a file. */
export abstract class LineOutput implements Output<string> {
  protected readonly file: LineFile;
  private continues = false;

  constructor(path: string) {
    this.file = new LineFile(path);
  }

  async check(): Promise<void> {
    await this.file.open();
  }

  abstract open(run: OutputRun): Promise<void>;
  abstract interval(second: IntervalClosed): string | undefined;
  abstract correction(second: IntervalCorrected): string | undefined;

  written(): number {
    return this.file.written;
  }

  end({ continues }: OutputEnd): string | undefined {
    this.continues = continues === true;
    return undefined;
  }

  async send(lines: string, _signal: AbortSignal, position?: number): Promise<void> {
    await this.file.write(lines, position);
  }

  async close(): Promise<void> {
    await this.file.close(!this.continues);
  }
}
