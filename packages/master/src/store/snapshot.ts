import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { RunFile } from './run-file.js';

/** The log restarts only every few megabytes, so this many tries are enough. */
const TRIES = 20;

/**
 * Position of the salts in the header of a log, which differ for each log (SQLite file format,
 * section 4.1).
 */
const [SALTS_AT, SALTS_BYTES] = [16, 8];

/**
 * Reads the file of a run without touching it, even while a master writes it. Reads it through
 * links of another name, because SQLite locks a file by its name. So a reader never delays the
 * writer. A commit only appends to the log, and SQLite reads what the log had when it was opened.
 * If a checkpoint changes the file meanwhile, or the log restarts, it is read again.
 * @throws DrumlineError `usage` if it cannot be read
 */
export function readSnapshot<T>(path: string, read: (file: RunFile) => T): T {
  for (let tries = 1; ; tries++) {
    const before = generationOf(path);
    const outcome = attempt(() => readInPlace(path, before, read));
    if (generationOf(path).name !== before.name && tries < TRIES) continue;
    if ('value' in outcome) return outcome.value;
    if (outcome.error instanceof DrumlineError) throw outcome.error;
    throw new DrumlineError('usage', `The run in ${path} cannot be read: ${messageOf(outcome.error)}.`);
  }
}

function readInPlace<T>(path: string, { hasLog }: Generation, read: (file: RunFile) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-run-'));
  try {
    const link = join(directory, 'run.db');
    for (const part of hasLog ? ['', '-wal'] : ['']) symlinkSync(resolve(path + part), link + part);
    const file = RunFile.read(link, path);
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
  /** Changes when a log restarts, or the file itself is written. */
  readonly name: string;
}

function generationOf(path: string): Generation {
  const salts = saltsOf(`${path}-wal`);
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return { hasLog: salts !== undefined, name: `${salts} ${stat?.ino}-${stat?.mtimeNs}` };
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
