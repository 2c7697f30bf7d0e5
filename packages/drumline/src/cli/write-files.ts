import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';

/**
 * Writes new files. Existing files are overwritten only with `force`.
 * @param files contents by path, relative to `dir`
 * @throws DrumlineError `output-unwritable` if a file exists or cannot be written
 */
export function writeNewFiles(
  dir: string,
  files: Readonly<Record<string, string>>,
  { force }: { force: boolean },
): void {
  const existing = Object.keys(files).filter((name) => existsSync(resolve(dir, name)));
  if (existing.length > 0 && !force) {
    const place = dir === '.' ? 'this directory' : dir;
    throw new DrumlineError(
      'output-unwritable',
      `nothing was written: ${place} already has ${existing.join(', ')}`,
      'Choose another directory or file, or overwrite with --force.',
    );
  }
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = resolve(dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flag: force ? 'w' : 'wx' });
    }
  } catch (error) {
    throw new DrumlineError('output-unwritable', `the files cannot be written: ${messageOf(error)}`);
  }
}
