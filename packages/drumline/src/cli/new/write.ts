import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';

/**
 * Writes files that are not there yet, or with `force` over those that are.
 * @param files by path within the folder
 * @throws DrumlineError `output-unwritable`; then nothing was written over
 */
export function writeNewFiles(
  dir: string,
  files: Readonly<Record<string, string>>,
  { force }: { force: boolean },
): void {
  const inTheWay = Object.keys(files).filter((name) => existsSync(resolve(dir, name)));
  if (inTheWay.length > 0 && !force) {
    const place = dir === '.' ? 'this folder' : dir;
    throw new DrumlineError(
      'output-unwritable',
      `nothing was written: ${place} already has ${inTheWay.join(', ')}`,
      'Choose another folder or file, or overwrite with --force.',
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
