// Assembles the packages as users get them: without sources and maps, and bundled.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundlePackage } from './bundle-package.js';

const INTERNAL = [
  'model',
  'stats',
  'drivers',
  'wire',
  'scenario',
  'worker',
  'master',
  'outputs',
  'client',
  'codegen',
  'kubernetes',
  'dashboard',
];

export interface Manifest {
  readonly version: string;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The manifests of what was copied. */
export interface Staged {
  readonly main: Manifest;
  readonly internal: readonly Manifest[];
  /** Names of the internal packages. */
  readonly names: readonly string[];
}

/**
 * Copies the package `drumline` to a folder, and the internal packages to its `node_modules`.
 * @param root of the repository
 */
export async function stagePackages(root: string, staging: string): Promise<Staged> {
  const main = await stagePackage(join(root, 'packages/drumline'), staging);
  const folderOf = (name: string): string => join(staging, 'node_modules/@drumline', name);
  const internal = await Promise.all(
    INTERNAL.map((name) => stagePackage(join(root, 'packages', name), folderOf(name))),
  );
  return { main, internal, names: INTERNAL.map((name) => `@drumline/${name}`) };
}

async function stagePackage(from: string, to: string): Promise<Manifest> {
  const manifest = copyPackage(from, to);
  await bundlePackage(to);
  return manifest;
}

/** Copies what a package publishes, without maps of sources that are not published. */
function copyPackage(from: string, to: string): Manifest {
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  mkdirSync(to, { recursive: true });
  for (const entry of manifest.files ?? []) {
    if (entry.startsWith('!')) continue;
    cpSync(join(from, entry), join(to, entry), {
      recursive: true,
      filter: (path) => !/\.map$|\.tsbuildinfo$/.test(path),
    });
  }
  removeMapComments(to);
  writeManifest(to, { ...manifest, scripts: undefined, devDependencies: undefined });
  return manifest;
}

/** Removes comments that name missing maps, about which debuggers complain. */
function removeMapComments(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|d\.ts)$/.test(entry)) continue;
    const path = join(folder, entry);
    const text = readFileSync(path, 'utf8');
    const without = text.replace(/\n\/\/# sourceMappingURL=[^\n]*\.map\s*$/, '\n');
    if (without !== text) writeFileSync(path, without);
  }
}

export function writeManifest(folder: string, manifest: object): void {
  mkdirSync(dirname(join(folder, 'package.json')), { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
