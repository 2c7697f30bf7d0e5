import { existsSync, lstatSync, symlinkSync } from 'node:fs';
import { DrumlineError } from '@drumline/model';

/**
 * A run whose master had a commit refused lacks what that commit held, which workers may have forgotten: it can be reported, not taken
 * up. That is written down as a symbolic link beside its file, which needs no room where the disk is full.
 */
export const incompleteMarkOf = (path: string): string => `${path}.incomplete`;

export function markIncomplete(path: string): void {
  try {
    if (existsSync(path) && !isIncomplete(path)) symlinkSync('a commit was refused', incompleteMarkOf(path));
  } catch {
    // Then it looks complete. There is nothing else to write it on.
  }
}

export function isIncomplete(path: string): boolean {
  return lstatSync(incompleteMarkOf(path), { throwIfNoEntry: false }) !== undefined;
}

/** @throws DrumlineError `request-invalid` */
export function requireComplete(path: string): void {
  if (!isIncomplete(path)) return;
  throw new DrumlineError(
    'request-invalid',
    `The run in ${path} cannot be resumed: its master could not write to it any more, so that some of what was counted is missing.`,
    '`drumline report` shows what is there.',
  );
}
