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

/** A log is begun anew every few megabytes: nobody is as unlucky as this. */
const TRIES = 20;

/** Where the header of a log tells it from the next one (SQLite's file format, section 4.1: the salts). */
const [SALTS_AT, SALTS_BYTES] = [16, 8];

/**
 * Reads the file of a run without touching it, also while a master writes it: a reader can neither delay the writer nor be in its
 * way, whatever becomes of the reader. It works on a copy: first of the file, then of its log. What a checkpoint changes in the
 * file meanwhile is in the log as well, so that the copy is whole unless the log was begun anew in between; then it is made again.
 * A file that no living process writes is read where it lies, with its log if there is one.
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
  /** Whether a process that lives may write to it. */
  readonly isWritten: boolean;
  /**
   * Another one whenever a log is begun anew, a file at rest is written, or a process claims the
   * file.
   */
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

/** Nothing if there is no log, or nothing in it. */
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
