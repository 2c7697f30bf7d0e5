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
import { join } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { RunFile } from './run-file.js';

/** A log is begun anew every few megabytes: nobody is as unlucky as this. */
const TRIES = 20;

/** Where the header of a log tells it from the next one (SQLite's file format, section 4.1: the salts). */
const [SALTS_AT, SALTS_BYTES] = [16, 8];

/**
 * Reads the file of a run without touching it, also while a master writes it: a reader can neither delay the writer nor be in its
 * way, whatever becomes of the reader. It works on a copy: first of the file, then of its log. What a checkpoint changes in the
 * file meanwhile is in the log as well, so that the copy is whole unless the log was begun anew in between; then it is made again.
 * A file at rest has no log, and is read where it lies.
 * @throws DrumlineError `usage` if it cannot be read
 */
export function readSnapshot<T>(path: string, read: (file: RunFile) => T): T {
  for (let tries = 1; ; tries++) {
    const before = generationOf(path);
    const outcome = attempt(() => readCopy(path, before.atRest, read));
    if (generationOf(path).name !== before.name && tries < TRIES) continue;
    if ('value' in outcome) return outcome.value;
    if (outcome.error instanceof DrumlineError) throw outcome.error;
    throw new DrumlineError('usage', `The run in ${path} cannot be read: ${messageOf(outcome.error)}.`);
  }
}

function readCopy<T>(path: string, atRest: boolean, read: (file: RunFile) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-run-'));
  try {
    const copy = join(directory, 'run.db');
    if (atRest) {
      symlinkSync(path, copy);
    } else {
      copyFileSync(path, copy, constants.COPYFILE_FICLONE);
      copyFileSync(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE);
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

/** Changes whenever a log is begun anew, and when a file at rest is written. */
function generationOf(path: string): { readonly atRest: boolean; readonly name: string } {
  const salts = saltsOf(`${path}-wal`);
  if (salts !== undefined) return { atRest: false, name: salts };
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return { atRest: true, name: `${stat?.ino}-${stat?.mtimeNs}` };
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
