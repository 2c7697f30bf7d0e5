import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrumlineError } from '@drumline/model';

/** Less free space than this explains a failed write, bytes. */
const AS_GOOD_AS_FULL_BYTES = 64 * 1024;

/** Why the store cannot write, in words of people: SQLite only says that it could not. */
export function whyUnwritable(path: string, said: string): DrumlineError {
  const directory = dirname(path);
  const because = (why: string, hint: string): DrumlineError =>
    new DrumlineError('output-unwritable', `The run store ${path} cannot be written: ${why}.`, hint);
  if (!existsSync(directory)) return because('its directory was removed', KEEP);
  if (freeBytes(directory) < AS_GOOD_AS_FULL_BYTES) {
    return because('the disk is full', 'Make room, or keep runs elsewhere with --data-dir.');
  }
  return because(said, 'Check the disk, or keep runs elsewhere with --data-dir.');
}

/** Someone took the file away while a master wrote to it. */
export function whyLost(path: string): DrumlineError {
  return new DrumlineError(
    'output-unwritable',
    `The run store ${path} cannot be written: it was removed, or another master took it.`,
    KEEP,
  );
}

const KEEP = 'Leave the directory of --data-dir alone while a run is written to it.';

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
