import { readFileSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** One write of so few bytes is never seen in part. */
const BYTES = 128;

/** How far a file was written. */
export interface FilePosition {
  /** Of the last event that is in the file. */
  readonly position: number;
  /** The size of the file then. Later bytes are of a batch that another master repeats. */
  readonly bytes: number;
}

/**
 * Records beside a file how far it was written, for a master that resumes the run: `seconds.csv`
 * has `.seconds.csv.position`.
 */
export class PositionFile {
  private readonly path: string;
  private file: FileHandle | undefined;

  constructor(
    path: string,
    private readonly runId: string,
  ) {
    this.path = join(dirname(path), `.${basename(path)}.position`);
  }

  /** What another master of the run has recorded; undefined if there is nothing. */
  read(): FilePosition | undefined {
    try {
      const [runId, position, bytes] = readFileSync(this.path, 'utf8').trimEnd().split(' ');
      return runId === this.runId ? { position: Number(position), bytes: Number(bytes) } : undefined;
    } catch {
      return undefined;
    }
  }

  async write({ position, bytes }: FilePosition): Promise<void> {
    this.file ??= await open(this.path, 'w', 0o644);
    const text = `${this.runId} ${position} ${bytes}`.padEnd(BYTES - 1);
    await this.file.write(`${text}\n`, 0);
  }

  /** @param isOver whether nobody resumes the run */
  async close(isOver: boolean): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    if (isOver) await rm(this.path, { force: true });
  }
}
