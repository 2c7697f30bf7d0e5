import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stagePackages } from './stage.js';

const OLD_MS = 3_600_000;

/**
 * Makes the program as users install it, for tests. The libraries are those of the repository.
 * @param root of the repository, which has been built
 * @returns the folder of the package `drumline`; the same one until the repository is built again
 */
export async function stageForTests(root: string): Promise<string> {
  const cache = join(root, 'node_modules/.cache/drumline');
  mkdirSync(cache, { recursive: true });
  const version = builtVersion(root);
  const folder = join(cache, version);
  if (!existsSync(folder)) {
    const staging = mkdtempSync(join(cache, 'new-'));
    await stagePackages(root, staging);
    try {
      renameSync(staging, folder);
    } catch (error) {
      // Tests that started at the same time may have made it.
      if (!existsSync(folder)) throw error;
      rmSync(staging, { recursive: true, force: true });
    }
  }
  for (const other of readdirSync(cache)) {
    const path = join(cache, other);
    // A younger one may be in use.
    if (other !== version && Date.now() - statSync(path).mtimeMs > OLD_MS)
      rmSync(path, { recursive: true, force: true });
  }
  return folder;
}

/** Differs when a built file has changed. */
function builtVersion(root: string): string {
  const hash = createHash('sha256');
  const packages = join(root, 'packages');
  for (const name of readdirSync(packages)) {
    const dist = join(packages, name, 'dist');
    const files = existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: 'utf8' }) : [];
    const built = files.filter((file) => !/\.(?:map|d\.ts|tsbuildinfo)$/.test(file));
    for (const path of [join(packages, name, 'package.json'), ...built.map((file) => join(dist, file))]) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
