import {
  closeSync,
  constants,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { ownerOf } from './ownership.js';
import { RunFile } from './run-file.js';

/** The log restarts only every few megabytes, so this many tries are enough. */
const TRIES = 20;

/**
 * Position of the salts in the header of a log, which differ for each log (SQLite file format,
 * section 4.1).
 */
const [SALTS_AT, SALTS_BYTES] = [16, 8];

/**
 * Reads the file of a run without touching it, even while a master writes it. Works on a copy, so a
 * reader never delays the writer. The file is copied before its log: what a checkpoint changes in
 * the file meanwhile is also in the log. If the log restarts in between, the copy is made again. A
 * file without a writer is read in place.
 * @throws DrumlineError `usage` if it cannot be read
 */
export function readSnapshot<T>(path: string, read: (file: RunFile) => T): T {
  for (let tries = 1; ; tries++) {
    const before = generationOf(path);
    const outcome = attempt(() => readCopy(path, before, read));
    if (generationOf(path).name !== before.name && tries < TRIES) continue;
    if ('value' in outcome) return outcome.value;
    if (outcome.error instanceof DrumlineError) throw outcome.error;
    throw new DrumlineError('usage', `The run in ${path} cannot be read: ${messageOf(outcome.error)}.`);
  }
}

function readCopy<T>(path: string, { hasLog, isWritten }: Generation, read: (file: RunFile) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-run-'));
  try {
    const copy = join(directory, 'run.db');
    for (const part of hasLog ? ['', '-wal'] : ['']) {
      if (isWritten) copyFileSync(path + part, copy + part, constants.COPYFILE_FICLONE);
      else symlinkSync(resolve(path + part), copy + part);
    }
    const file = RunFile.read(copy, path);
    try {
      return read(file);
    } finally {
      file.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function attempt<T>(action: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: action() };
  } catch (error) {
    return { error };
  }
}

interface Generation {
  readonly hasLog: boolean;
  /** Whether a running process may write to it. */
  readonly isWritten: boolean;
  /** Changes when a log restarts, a file at rest is written, or a process claims the file. */
  readonly name: string;
}

function generationOf(path: string): Generation {
  const salts = saltsOf(`${path}-wal`);
  const hasLog = salts !== undefined;
  const isWritten = hasLog && ownerOf(path) !== undefined;
  if (hasLog) return { hasLog, isWritten, name: `${salts} ${isWritten}` };
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return { hasLog, isWritten, name: `${stat?.ino}-${stat?.mtimeNs}` };
}

/** Undefined if there is no log, or an empty one. */
function saltsOf(log: string): string | undefined {
  let file: number;
  try {
    file = openSync(log, 'r');
  } catch {
    return undefined;
  }
  const salts = Buffer.alloc(SALTS_BYTES);
  const length = readSync(file, salts, 0, SALTS_BYTES, SALTS_AT);
  closeSync(file);
  return length === SALTS_BYTES ? salts.toString('hex') : undefined;
}
