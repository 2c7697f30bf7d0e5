import { posix } from 'node:path';
import type { Metafile } from 'esbuild';

/**
 * Names for the files of a bundle that do not depend on the location of the files. The bundler
 * names a file by its real path. With symbolic links, that path can change each time: a mounted
 * config map links to a directory whose name is a timestamp.
 *
 * - The scenario keeps the name that the user passed.
 * - A file below the scenario's directory keeps its relative path.
 * - A file of a package is named from its last `node_modules/` on.
 * - Any other file is named by the first import that reached it.
 *
 * @param inputs the bundler's metafile, with imports in the order of the source code
 * @param entry the scenario's path in `inputs`
 * @param entryName the name that the user passed
 * @returns the new name of each path in `inputs`; no two paths share one
 */
export function stablePaths(
  inputs: Metafile['inputs'],
  entry: string,
  entryName: string,
): Map<string, string> {
  const names = new Map<string, string>([[entry, entryName]]);
  const taken = new Set([entryName]);
  // Iteration follows the order of insertion and includes entries added meanwhile.
  for (const [importer, importerName] of names) {
    for (const { path, original = path, external } of inputs[importer]?.imports ?? []) {
      if (external === true || names.has(path)) continue;
      const name = unique(stableName(path, original, importerName), taken);
      taken.add(name);
      names.set(path, name);
    }
  }
  return names;
}

function stableName(path: string, original: string, importerName: string): string {
  const packageAt = path.lastIndexOf('node_modules/');
  if (packageAt !== -1) return path.slice(packageAt);
  if (!path.startsWith('../')) return path;
  const file = posix.basename(path);
  const stem = posix.basename(file, posix.extname(file));
  if (!/^\.{0,2}\//.test(original)) return posix.join('node_modules', original, file);
  const joined = posix.join(posix.dirname(importerName), original);
  const asked = posix.basename(joined, posix.extname(joined));
  if (stem === 'index' && asked !== 'index') return posix.join(joined, file);
  return posix.join(posix.dirname(joined), asked + posix.extname(file));
}

function unique(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted}~${n}`;
  return name;
}

/** Lines on which the bundler writes a file's path: before its code, or as a key. */
const PATH_LINE = /^(\/\/ |\s*")(.+?)("\(.*)?$/;

/** Replaces file names in bundled code. The number of lines stays the same. */
export function renameInCode(code: string, names: ReadonlyMap<string, string>): string {
  return code
    .split('\n')
    .map((line) => {
      const [, before, path, after = ''] = PATH_LINE.exec(line) ?? [];
      const name = path === undefined ? undefined : names.get(path);
      return name === undefined ? line : `${before}${name}${after}`;
    })
    .join('\n');
}

/** Replaces file names in a source map. */
export function renameInMap(json: string, names: ReadonlyMap<string, string>): string {
  const map = JSON.parse(json) as { sources: string[] };
  return JSON.stringify({ ...map, sources: map.sources.map((path) => names.get(path) ?? path) });
}
