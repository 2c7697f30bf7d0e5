import {
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';

const OWNER_ONLY = 0o600;
const READABLE_BY_OTHERS = 0o044;

/**
 * Writes files that only their owner can read, all of them or none.
 * @param files by name within the folder, which is made if it is not there
 * @param force whether they may take the place of files that are there
 * @throws DrumlineError `output-unwritable`
 */
export function writePrivateFiles(
  dir: string,
  files: Readonly<Record<string, string>>,
  { force }: { force: boolean },
): void {
  const inTheWay = Object.keys(files).filter((name) => existsSync(join(dir, name)));
  if (inTheWay.length > 0 && !force) throw wontOverwrite(dir, inTheWay);
  // Writes to a new name first: an existing file would keep its mode, and may be a symbolic link.
  const written = Object.keys(files).map((name) => ({
    path: join(dir, name),
    draft: join(dir, force ? `${name}.${process.pid}` : name),
  }));
  const created: string[] = [];
  try {
    mkdirSync(dir, { recursive: true });
    for (const [index, content] of Object.values(files).entries()) {
      const { draft } = written[index]!;
      writeNew(draft, content);
      created.push(draft);
    }
    if (force) for (const { draft, path } of written) renameSync(draft, path);
  } catch (error) {
    for (const path of created) rmSync(path, { force: true });
    throw new DrumlineError(
      'output-unwritable',
      `the files cannot be written: ${messageOf(error)}`,
      undefined,
      {
        cause: error,
      },
    );
  }
}

/**
 * The text of a file that should be its owner’s alone; warns if it is not.
 * @throws DrumlineError `usage` that names the option
 */
export function readPrivateFile(option: string, path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (process.platform !== 'win32' && (statSync(path).mode & READABLE_BY_OTHERS) !== 0) {
      console.error(`warning: other users can read ${path}; \`chmod 600 ${path}\` keeps it to yourself`);
    }
    return text;
  } catch (error) {
    throw new DrumlineError('usage', `--${option}: the file cannot be read: ${messageOf(error)}`, undefined, {
      cause: error,
    });
  }
}

function writeNew(path: string, content: string): void {
  const file = openSync(path, 'wx', OWNER_ONLY);
  try {
    // Whatever the umask is.
    if (process.platform !== 'win32') fchmodSync(file, OWNER_ONLY);
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

function wontOverwrite(dir: string, names: readonly string[]): DrumlineError {
  const place = dir === '.' ? 'this folder' : dir;
  return new DrumlineError(
    'output-unwritable',
    `nothing was written, because ${place} already has ${names.join(', ')}`,
    'Choose another directory with --out-dir, or replace them with --force: the old ones then stop working.',
  );
}
