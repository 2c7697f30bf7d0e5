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
const READABLE_BY_GROUP = 0o040;
const READABLE_BY_ALL = 0o004;

/**
 * Writes files that only their owner can read. Writes all of them or none.
 * @param dir created if it does not exist
 * @param files contents by name
 * @param force whether existing files may be replaced
 * @throws DrumlineError `output-unwritable`
 */
export function writePrivateFiles(
  dir: string,
  files: Readonly<Record<string, string>>,
  { force }: { force: boolean },
): void {
  const existing = Object.keys(files).filter((name) => existsSync(join(dir, name)));
  if (existing.length > 0 && !force) throw existsError(dir, existing);
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
 * Reads a file that only its owner should be able to read. Warns if others can.
 * @throws DrumlineError `usage` that names the option
 */
export function readPrivateFile(option: string, path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (process.platform !== 'win32' && isReadableByOthers(path)) {
      console.error(`warning: other users can read ${path}; restrict it with \`chmod 600 ${path}\``);
    }
    return text;
  } catch (error) {
    throw new DrumlineError('usage', `--${option}: the file cannot be read: ${messageOf(error)}`, undefined, {
      cause: error,
    });
  }
}

/**
 * Whether users other than the owner and this one can read a file. A file of another owner, such as
 * the mount of a Kubernetes Secret, can be meant for a group of this process.
 */
function isReadableByOthers(path: string): boolean {
  const { mode, uid } = statSync(path);
  const isOwn = uid === process.getuid!();
  return (mode & (isOwn ? READABLE_BY_GROUP | READABLE_BY_ALL : READABLE_BY_ALL)) !== 0;
}

function writeNew(path: string, content: string): void {
  const file = openSync(path, 'wx', OWNER_ONLY);
  try {
    // Independent of the umask.
    if (process.platform !== 'win32') fchmodSync(file, OWNER_ONLY);
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

function existsError(dir: string, names: readonly string[]): DrumlineError {
  const place = dir === '.' ? 'this directory' : dir;
  return new DrumlineError(
    'output-unwritable',
    `nothing was written, because ${place} already has ${names.join(', ')}`,
    'Choose another directory with --out-dir, or replace the files with --force. The old credentials then stop working.',
  );
}
