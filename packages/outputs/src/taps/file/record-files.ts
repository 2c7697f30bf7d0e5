import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { TapRecord } from '@drumline/wire';
import { LineFile } from '../../line-file.js';
import type { EncodedRecord } from '../records/encoded-record.js';
import type { TapRun } from '../tap-output.js';

const DIGITS = 10;
const NEWLINE = 10;

/**
 * The files of a run, each named by its first record: `RUN.0000000001.ndjson`. A record that did
 * not fit on the disk leaves nothing behind, so that it can be written again. Another master goes
 * on after the last whole record.
 */
export class RecordFiles {
  private file: LineFile | undefined;
  private bytes = 0;

  private constructor(
    private readonly directory: string,
    private readonly runId: string,
    private lastSeq: number,
    private readonly limits: FileLimits,
  ) {}

  /** Continues the files of a run, or begins them. */
  static async open(
    directory: string,
    { runId, seqBefore }: Pick<TapRun, 'runId' | 'seqBefore'>,
    limits: FileLimits,
  ): Promise<RecordFiles> {
    const files = new RecordFiles(directory, runId, seqBefore, limits);
    await files.resume();
    return files;
  }

  /** Appends records, except those that were appended before an error. */
  async append(records: readonly EncodedRecord[]): Promise<void> {
    for (const { seq, line } of records) {
      if (seq <= this.lastSeq) continue;
      if (!this.file || this.bytes + line.length > this.limits.maxBytes) await this.rotate(seq);
      await this.file!.write(line);
      this.bytes += line.length;
      this.lastSeq = seq;
    }
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async resume(): Promise<void> {
    const newest = (await this.names()).at(-1);
    if (newest === undefined) return;
    const path = join(this.directory, newest);
    const content = await readFile(path);
    // The writer may have been killed in the middle of a line.
    const end = content.lastIndexOf(NEWLINE);
    await truncate(path, end + 1);
    const last = content.subarray(content.lastIndexOf(NEWLINE, end - 1) + 1, Math.max(0, end));
    if (last.length > 0) this.lastSeq = (JSON.parse(last.toString()) as TapRecord).seq;
    this.file = new LineFile(path);
    this.bytes = end + 1;
  }

  private async rotate(seq: number): Promise<void> {
    await this.close();
    const name = `${this.runId}.${String(seq).padStart(DIGITS, '0')}.ndjson`;
    this.file = new LineFile(join(this.directory, name));
    await this.file.clear();
    this.bytes = 0;
    const old = (await this.names()).slice(0, -this.limits.keep);
    for (const one of old) await rm(join(this.directory, one), { force: true });
  }

  /** The names of the run's files, the oldest first. */
  private async names(): Promise<string[]> {
    const all = await readdir(this.directory);
    return all.filter((name) => name.startsWith(`${this.runId}.`) && name.endsWith('.ndjson')).sort();
  }
}

/** When files are rotated. */
export interface FileLimits {
  readonly maxBytes: number;
  /** The number of files of a run; the oldest are removed. */
  readonly keep: number;
}
