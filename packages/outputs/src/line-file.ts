import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { OutputError, type OutputRun } from './output.js';

/** Errors that another attempt can mend. */
const TEMPORARY = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EIO', 'EMFILE', 'ENFILE']);
const TAIL_BYTES = 65_536;
const NEWLINE = 10;

/**
 * A text file that grows by whole batches of lines. A batch that did not fit on the disk leaves
 * nothing behind, so that it can be written again. Also writes to pipes and devices.
 */
export class LineFile {
  private file: FileHandle | undefined;
  /** Bytes that are complete; undefined for a pipe or a device. */
  private size: number | undefined;

  constructor(private readonly path: string) {}

  /**
   * Opens the file, and creates it if it does not exist. Does nothing if it is open.
   * @throws OutputError if that is impossible
   */
  async open(): Promise<void> {
    if (this.file) return;
    try {
      const { O_CREAT, O_RDWR, O_WRONLY } = constants;
      const flags = isDevice(this.path) ? O_WRONLY : O_CREAT | O_RDWR;
      const file = await open(this.path, flags, 0o644);
      this.file = file;
      const about = await file.stat();
      this.size = about.isFile() ? about.size : undefined;
    } catch (error) {
      throw isTemporary(error) ? error : new OutputError(reasonOf(error), { cause: error });
    }
  }

  /**
   * Prepares the file for a run. A master that resumes a run continues the file; otherwise it is
   * replaced.
   * @param head what an empty file begins with
   * @param append whether a file is continued in any case
   */
  async begin({ fromSecond }: Pick<OutputRun, 'fromSecond'>, head: string, append = false): Promise<void> {
    await this.open();
    if (append || fromSecond > 0) await this.finishLines();
    else await this.clear();
    if (!this.size) await this.write(head);
  }

  /** Removes the content. */
  async clear(): Promise<void> {
    await this.open();
    if (this.size === undefined) return;
    await this.file!.truncate(0);
    this.size = 0;
  }

  /** Removes the end of a line that was not finished, because its writer was killed. */
  private async finishLines(): Promise<void> {
    if (!this.size) return;
    const from = Math.max(0, this.size - TAIL_BYTES);
    const { buffer, bytesRead } = await this.file!.read(Buffer.alloc(this.size - from), 0, undefined, from);
    const complete = from + buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (complete === from && from > 0) return;
    await this.file!.truncate(complete);
    this.size = complete;
  }

  /** Appends lines, all or none. */
  async write(text: string | Buffer): Promise<void> {
    await this.open();
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    try {
      for (let at = 0; at < bytes.length;) at += await this.writeAt(bytes, at);
    } catch (error) {
      if (this.size !== undefined) await this.file!.truncate(this.size).catch(() => {});
      throw error;
    }
    if (this.size !== undefined) this.size += bytes.length;
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async writeAt(bytes: Buffer, at: number): Promise<number> {
    const place = this.size === undefined ? null : this.size + at;
    const { bytesWritten } = await this.file!.write(bytes, at, bytes.length - at, place);
    return bytesWritten;
  }
}

function isDevice(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('/proc/');
}

function isTemporary(error: unknown): boolean {
  return TEMPORARY.has((error as NodeJS.ErrnoException).code ?? '');
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'the directory does not exist';
    case 'EISDIR':
      return 'the path is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    default:
      return (error as Error).message;
  }
}
