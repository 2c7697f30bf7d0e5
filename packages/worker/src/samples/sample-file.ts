import { open, type FileHandle } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { messageOf, timesParts, type Millis, type Redactor, type Sample } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { SampleOrder } from '../lane-protocol.js';
import { formatOf, lineOf, type SampleFormat } from './line.js';

/** Lines that wait to be written, at most, in characters. */
const MAX_WAITING_CHARS = 16 * 1024 * 1024;

/**
 * Appends a line for each sample to a file on this machine. All lanes of the machine append whole
 * lines to the same file. A sample that cannot be written is dropped and reported, so that a slow
 * disk delays no request.
 */
export class SampleFile {
  private readonly format: SampleFormat;
  private waiting: string[] = [];
  private waitingChars = 0;
  private left: number;
  private writing: Promise<void> | undefined;
  private file: FileHandle | undefined;
  private problem: string | undefined;
  private startAtMs: Millis | undefined;

  /** @param onDropped called with the reason for each sample that is left out */
  constructor(
    private readonly order: SampleOrder,
    private readonly origin: { readonly worker: string; readonly lane: number },
    private readonly redactor: Redactor | undefined,
    private readonly onDropped: (reason: string, count: number) => void,
    private readonly random: () => number = Math.random,
  ) {
    this.format = formatOf(order.path)!;
    this.left = order.limit;
  }

  /** Sets the start of the run, on the machine's monotonic clock. */
  startAt(startAtMs: Millis): void {
    this.startAtMs = startAtMs;
  }

  readonly add = (sample: Sample): void => {
    const { share } = this.order;
    if (timesParts(sample.series) || (share < 1 && this.random() >= share)) return;
    if (this.problem !== undefined) return this.onDropped(this.problem, 1);
    if (this.left === 0) return this.onDropped('the limit of --samples-limit was reached', 1);
    if (this.waitingChars > MAX_WAITING_CHARS) return this.onDropped('the disk was too slow', 1);
    this.left -= 1;
    const { endedAtMs, durationUs } = sample;
    const startedAt =
      performance.timeOrigin + performance.now() - (monotonicMs() - endedAtMs) - durationUs / 1_000;
    const runMs = this.startAtMs === undefined ? undefined : endedAtMs - this.startAtMs;
    const line = lineOf(sample, { ...this.origin, startedAt, runMs }, this.format);
    this.waiting.push(line);
    this.waitingChars += line.length;
  };

  /** Begins to write what waits. */
  flush(): void {
    if (this.writing !== undefined || this.waiting.length === 0) return;
    this.writing = this.write().finally(() => (this.writing = undefined));
  }

  /** Resolves when everything is written. */
  async settle(): Promise<void> {
    while (this.writing !== undefined || this.waiting.length > 0) {
      this.flush();
      await this.writing;
    }
  }

  private async write(): Promise<void> {
    const lines = this.waiting;
    this.waiting = [];
    const text = lines.join('');
    try {
      this.file ??= await open(this.order.path, 'a');
      const bytes = Buffer.from(this.redactor?.text(text) ?? text);
      // One call for whole lines: lanes that append to the same file do not mix within a line.
      const { bytesWritten } = await this.file.write(bytes);
      if (bytesWritten < bytes.length) throw new Error('the disk is full');
    } catch (error) {
      this.problem = `the file cannot be written: ${messageOf(error)}`;
      this.onDropped(this.problem, lines.length);
    }
    this.waitingChars -= text.length;
  }
}
