import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * Packages that a bundle imports but does not contain, with the version that was installed when
 * the bundle was made; null if none was.
 */
export type Externals = Readonly<Record<string, string | null>>;

const OPENING = '/* drumline-external ';
const CLOSING = ' */';

/** The start of a bundle's first line, which lists its external packages. */
export function externalsHeader(externals: Externals): string {
  return Object.keys(externals).length === 0 ? '' : `${OPENING}${JSON.stringify(externals)}${CLOSING}`;
}

/** The external packages of a bundle's code. */
export function externalsOf(code: string): Externals {
  const lineEnd = code.indexOf('\n');
  const firstLine = lineEnd < 0 ? code : code.slice(0, lineEnd);
  const from = firstLine.indexOf(OPENING);
  if (from < 0) return {};
  const text = firstLine.slice(from + OPENING.length, firstLine.indexOf(CLOSING, from));
  return JSON.parse(text) as Externals;
}

/** The directory of a package, as Node finds it from a directory or through NODE_PATH. */
export function findPackage(name: string, from: string): string | undefined {
  const found = foldersFrom(from)
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
  return found === undefined ? undefined : realpathSync(found);
}

/** The version of a package; null if it has none. */
export function versionOf(packageFolder: string): string | null {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : null;
}

/**
 * Links the external packages of a bundle into the directory of the bundle.
 * @param from the directory from which they are searched
 * @returns the packages that were not found
 */
export function linkExternals(externals: Externals, directory: string, from: string): string[] {
  return Object.keys(externals).filter((name) => {
    const folder = findPackage(name, from);
    if (folder === undefined) return true;
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(folder, link, 'junction');
    return false;
  });
}

/** The message for missing packages. */
export function describeMissing(externals: Externals, missing: readonly string[], from: string): string {
  const packages = missing.map((name) => {
    const version = externals[name];
    return typeof version === 'string' ? `${name}@${version}` : name;
  });
  const one = missing.length === 1;
  const also = process.env['NODE_PATH'] ? ` and NODE_PATH (${process.env['NODE_PATH']})` : '';
  return (
    `${one ? 'the package' : 'the packages'} ${missing.join(', ')} ${one ? 'is' : 'are'} not installed here. The scenario uses ${one ? 'it' : 'them'} as external. ` +
    `Searched the working directory ${from}${also}. Install ${one ? 'it' : 'them'} there: npm install ${packages.join(' ')}`
  );
}

function foldersFrom(from: string): string[] {
  const folders: string[] = [];
  for (let folder = from; ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules'));
    if (dirname(folder) === folder) break;
  }
  const extra = (process.env['NODE_PATH'] ?? '').split(delimiter).filter((path) => path !== '');
  return [...folders, ...extra];
}
