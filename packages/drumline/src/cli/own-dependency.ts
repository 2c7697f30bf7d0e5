import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVersion } from './version.js';

/** The dependency of a new project on the Drumline that creates it. */
export interface OwnDependency {
  /** The value in package.json: `^0.1.0`, or `file:/tarballs/drumline-0.1.0.tgz`. */
  readonly range: string;
  /** A command to run before `npm install`. */
  readonly before?: string;
}

/**
 * A version range if this program came from a registry, otherwise the path of a tarball: the one it
 * was installed from, or the one that its clone builds.
 * @param root the directory of the `drumline` package
 */
export function ownDependency(root = fileURLToPath(new URL('../..', import.meta.url))): OwnDependency {
  const version = readVersion();
  const modules = dirname(resolve(root));
  if (basename(modules) === 'node_modules') {
    const tarball = tarballOf(modules);
    return { range: tarball === undefined ? `^${version}` : `file:${tarball}` };
  }
  const clone = resolve(root, '../..');
  const tarball = join(clone, `drumline-${version}.tgz`);
  if (existsSync(tarball)) return { range: `file:${tarball}` };
  return { range: `file:${tarball}`, before: `(cd ${clone} && npm run pack)` };
}

/** The tarball that `drumline` in a `node_modules` was installed from, if any. */
function tarballOf(modules: string): string | undefined {
  try {
    // npm records its installations here.
    const record = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
      packages?: Record<string, { resolved?: string }>;
    };
    const { resolved = '' } = record.packages?.['node_modules/drumline'] ?? {};
    if (!resolved.startsWith('file:')) return undefined;
    const path = resolve(dirname(modules), resolved.slice('file:'.length));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
