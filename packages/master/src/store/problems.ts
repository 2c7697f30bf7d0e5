import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrumlineError } from '@drumline/model';

/** With less free space than this, a failed write is attributed to a full disk. Bytes. */
const AS_GOOD_AS_FULL_BYTES = 64 * 1024;

/** Explains why the store cannot write, because SQLite only reports that it could not. */
export function whyUnwritable(path: string, said: string): DrumlineError {
  const directory = dirname(path);
  const because = (why: string, hint: string): DrumlineError =>
    new DrumlineError('output-unwritable', `The run store ${path} cannot be written: ${why}.`, hint);
  if (!existsSync(directory)) return because('its directory was removed', KEEP);
  if (freeBytes(directory) < AS_GOOD_AS_FULL_BYTES) {
    return because('the disk is full', 'Free some space, or store runs elsewhere with --data-dir.');
  }
  return because(said, 'Check the disk, or store runs elsewhere with --data-dir.');
}

/** The error when the file was removed while a master wrote to it. */
export function whyLost(path: string): DrumlineError {
  return new DrumlineError(
    'output-unwritable',
    `The run store ${path} cannot be written: it was removed, or another master claimed it.`,
    KEEP,
  );
}

const KEEP = 'Do not change the directory of --data-dir during a run.';

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
