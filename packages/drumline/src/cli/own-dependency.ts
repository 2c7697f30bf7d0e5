import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVersion } from './version.js';

/** How a new project depends on the Drumline that writes it. */
export interface OwnDependency {
  /** What `dependencies` in package.json has: `^0.1.0`, or `file:/tarballs/drumline-0.1.0.tgz`. */
  readonly range: string;
  /** What must be done before `npm install` can find it. */
  readonly before?: string;
}

/**
 * The version range if this program came from a registry, otherwise the tarball that it was
 * installed from, or that its clone makes.
 * @param root the folder of the `drumline` package
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

/**
 * The local file that `drumline` in a `node_modules` was installed from; undefined if there is
 * none.
 */
function tarballOf(modules: string): string | undefined {
  try {
    // npm's record of what it installed there.
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
