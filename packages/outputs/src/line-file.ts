import { constants, createReadStream } from 'node:fs';
import { access, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError, type OutputRun } from './output.js';

/** Errors that another attempt can mend. */
const TEMPORARY = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EIO', 'EMFILE', 'ENFILE']);
const OF_RUN = '{run}';

/** What a file knows of its lines. */
export interface LineFormat {
  /** The second that a line is about; undefined if it is about none. */
  readonly secondOf: (line: string) => number | undefined;
  /** Whether a file of an earlier run is continued, too. */
  readonly append?: boolean;
}

/**
 * A text file that grows by whole batches of lines. A batch that did not fit on the disk leaves
 * nothing behind, so that it can be written again. Also writes to pipes and devices.
 */
export class LineFile {
  private file: FileHandle | undefined;
  /** Bytes that are complete; undefined for a pipe or a device. */
  private size: number | undefined;

  /** @param path may contain `{run}`, which becomes the id of the run */
  constructor(private path: string) {}

  /**
   * Opens the file, and creates it if it does not exist. Does nothing if it is open.
   * @throws OutputError if that is impossible
   */
  async open(): Promise<void> {
    if (this.file) return;
    try {
      // Created once the id is known.
      if (this.path.includes(OF_RUN)) return await access(dirname(this.path), constants.W_OK);
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
   */
  async begin({ runId, fromSecond }: OutputRun, head: string, format: LineFormat): Promise<void> {
    this.path = this.path.replaceAll(OF_RUN, runId);
    await this.open();
    if (format.append === true || fromSecond > 0) await this.keepLines(fromSecond, format);
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

  /**
   * Removes what a killed master has written and another one writes again: the seconds from this
   * one on, and a line that was not finished.
   */
  private async keepLines(fromSecond: number, { secondOf, append }: LineFormat): Promise<void> {
    if (!this.size) return;
    let complete = 0;
    for await (const line of linesOf(this.path)) {
      // A file of several runs has the same seconds more than once.
      if (append !== true && fromSecond > 0 && (secondOf(line) ?? -1) >= fromSecond) break;
      complete += Buffer.byteLength(line) + 1;
    }
    this.size = Math.min(complete, this.size);
    await this.file!.truncate(this.size);
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

/** The complete lines of a file, without their newlines. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
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
