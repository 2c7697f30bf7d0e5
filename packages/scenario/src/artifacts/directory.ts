import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

let chosen: string | undefined;

/**
 * The directory of the machine's artifacts, which all processes of this user share. Its name comes
 * from DRUMLINE_CACHE_DIR, if that is set.
 */
export function cacheDirectory(): string {
  return (chosen ??= openDirectory());
}

function openDirectory(): string {
  const named = process.env['DRUMLINE_CACHE_DIR'];
  if (named !== undefined && named !== '') {
    mkdirSync(named, { recursive: true });
    return named;
  }
  const { uid } = userInfo();
  const shared = join(tmpdir(), `drumline-cache-${uid}`);
  try {
    mkdirSync(shared, { recursive: true, mode: 0o700 });
    const stat = lstatSync(shared);
    // Anyone can create names in the temporary directory.
    if (stat.isDirectory() && (uid < 0 || stat.uid === uid)) return shared;
  } catch {
    // A private directory is used instead.
  }
  return mkdtempSync(join(tmpdir(), 'drumline-cache-'));
}
