import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../output.js';

/** Fills the id of the run into a path or name. */
export function withRun(text: string, runId: string): string {
  return text.replaceAll('{run}', runId);
}

/** @throws OutputError unless the directory of a path exists */
export async function checkDirectoryOf(path: string): Promise<void> {
  const directory = dirname(path);
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new OutputError(`the directory ${directory} does not exist`);
}

/** @returns undefined if there is nothing at the path */
export async function kindAt(path: string): Promise<'socket' | 'file' | 'other' | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  if (found.isSocket()) return 'socket';
  return found.isFile() ? 'file' : 'other';
}
