import { constants, createReadStream } from 'node:fs';
import { access, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError, type OutputRun } from './output.js';
import { PositionFile } from './position-file.js';

/** Errors that another attempt can mend. */
const TEMPORARY = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EIO', 'EMFILE', 'ENFILE']);
const OF_RUN = '{run}';
const NEWLINE = 10;

/**
 * A text file that grows by whole batches of lines. A batch that did not fit on the disk leaves
 * nothing behind, so that it can be written again. Also writes to pipes and devices.
 */
export class LineFile {
  private file: FileHandle | undefined;
  /** Bytes that are complete; undefined for a pipe or a device. */
  private size: number | undefined;
  /** Of the last event that is in it. */
  private position = 0;
  private positions: PositionFile | undefined;

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
   * @param append whether a file of an earlier run is continued, too
   */
  async begin(run: OutputRun, head: string, append = false): Promise<void> {
    const { runId, fromSecond, mayResume, resumed } = run;
    this.path = this.path.replaceAll(OF_RUN, runId);
    await this.open();
    if (mayResume && this.size !== undefined) this.positions ??= new PositionFile(this.path, runId);
    const known = resumed && this.positions?.read();
    if (known) await this.cutTo(known.bytes);
    else if (append || fromSecond > 0) await this.cutTo(await completeBytes(this.path));
    else await this.clear();
    this.position = known?.position ?? resumed?.position ?? 0;
    await this.write(this.size ? '' : head);
  }

  /** The position of the last event that is in the file. */
  get written(): number {
    return this.position;
  }

  /** Removes the content. */
  async clear(): Promise<void> {
    await this.open();
    if (this.size === undefined) return;
    await this.file!.truncate(0);
    this.size = 0;
  }

  private async cutTo(bytes: number): Promise<void> {
    if (this.size === undefined) return;
    this.size = Math.min(bytes, this.size);
    await this.file!.truncate(this.size);
  }

  /**
   * Appends lines, all or none.
   * @param position of the event that they are of, if they are of one
   */
  async write(text: string | Buffer, position = this.position): Promise<void> {
    await this.open();
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    try {
      for (let at = 0; at < bytes.length;) at += await this.writeAt(bytes, at);
    } catch (error) {
      if (this.size !== undefined) await this.file!.truncate(this.size).catch(() => {});
      throw error;
    }
    if (this.size !== undefined) this.size += bytes.length;
    this.position = position;
    await this.positions?.write({ position, bytes: this.size! });
  }

  /** @param isOver whether nobody resumes the run */
  async close(isOver = true): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
    await this.positions?.close(isOver);
  }

  private async writeAt(bytes: Buffer, at: number): Promise<number> {
    const place = this.size === undefined ? null : this.size + at;
    const { bytesWritten } = await this.file!.write(bytes, at, bytes.length - at, place);
    return bytesWritten;
  }
}

/** The size of a file without a line that was not finished. */
async function completeBytes(path: string): Promise<number> {
  if (isDevice(path)) return 0;
  let [size, complete] = [0, 0];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end >= 0) complete = size + end + 1;
    size += chunk.length;
  }
  return complete;
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
    case 'ENOTDIR':
      return 'a part of the path is a file';
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
