import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { whyUnwritable } from './problems.js';
import { answerOfThread } from './thread-answer.js';

/** The file of a run that no master writes any longer, open for reading. */
export interface ClosedFile {
  /** Of the file, without its directory. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly handle: FileHandle;
}

/**
 * Opens the file of a run that has ended, as one complete database. A killed master leaves the
 * newest part in the log beside the file, which a thread then merges into the file first. The file
 * can be read to its end even if it is deleted meanwhile.
 * @returns undefined if the file is gone
 * @throws DrumlineError `request-invalid` if another master writes it, `output-unwritable`
 */
export async function openClosedFile(path: string): Promise<ClosedFile | undefined> {
  if (await hasLog(path)) await merged(path);
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  const { size: sizeBytes } = await handle.stat();
  return { name: basename(path), sizeBytes, handle };
}

/** The merges in progress, by the path of the file. Readers that come meanwhile share one. */
const merging = new Map<string, Promise<void>>();

async function merged(path: string): Promise<void> {
  const merge = merging.get(path) ?? mergeLog(path).finally(() => merging.delete(path));
  merging.set(path, merge);
  await merge;
}

async function mergeLog(path: string): Promise<void> {
  await answerOfThread(new URL('./log-merge-thread.js', import.meta.url), path);
  // If the disk is full, SQLite keeps the log and reports no error.
  if (await hasLog(path)) throw whyUnwritable(path, 'its log cannot be merged into it');
}

async function hasLog(path: string): Promise<boolean> {
  const log = await stat(`${path}-wal`).catch(() => undefined);
  return log !== undefined && log.size > 0;
}
