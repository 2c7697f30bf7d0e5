import { existsSync, lstatSync, symlinkSync } from 'node:fs';
import { DrumlineError } from '@drumline/model';

/**
 * Marks a run whose master failed to commit. It lacks the data of that commit, which workers may
 * have discarded, so it can be reported but not resumed. The mark is a symbolic link beside the
 * file, because a link needs no space on a full disk.
 */
export const incompleteMarkOf = (path: string): string => `${path}.incomplete`;

export function markIncomplete(path: string): void {
  try {
    if (existsSync(path) && !isIncomplete(path)) symlinkSync('a commit was refused', incompleteMarkOf(path));
  } catch {
    // The run then looks complete. There is no other way to mark it.
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
    `The run in ${path} cannot be resumed: its master could no longer write to it, so some results are missing.`,
    '`drumline report` shows the stored results.',
  );
}
