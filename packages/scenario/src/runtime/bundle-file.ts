import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrumlineError } from '@drumline/model';
import { describeMissing, externalsOf, linkExternals } from './externals.js';

/** A bundle in a file that processes can import. */
export interface BundleFile {
  readonly path: string;
  remove(): void;
}

/** Options of `writeBundle`. */
export interface WriteOptions {
  /** The directory from which external packages are searched. Default: the working directory. */
  readonly packagesFrom?: string;
  /** Whether packages may be missing, for processes that may never import them. Default: false. */
  readonly mayLackPackages?: boolean;
}

/**
 * Writes a bundle to a temporary file for child processes. The parent owns the file, because its
 * children may end at any time without removing it.
 * @throws DrumlineError `scenario-invalid` if external packages are missing
 */
export function writeBundle(
  code: string,
  { packagesFrom = process.cwd(), mayLackPackages = false }: WriteOptions = {},
): BundleFile {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-'));
  const path = join(directory, 'scenario.mjs');
  writeFileSync(path, code);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const externals = externalsOf(code);
  if (Object.keys(externals).length === 0) return { path, remove };
  const missing = linkExternals(externals, directory, packagesFrom);
  if (missing.length > 0 && !mayLackPackages) {
    remove();
    throw new DrumlineError('scenario-invalid', describeMissing(externals, missing, packagesFrom));
  }
  // The code may import external packages at any time, so the file must stay.
  return { path, remove: () => {} };
}
