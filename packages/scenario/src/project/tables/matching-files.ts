import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileFacts } from '../../runtime/tables/data-file.js';
import { temporaryPath } from '../../artifacts/cache.js';
import { TableProblem } from './table-problem.js';

/** The most files of one table. */
const MAX_FILES = 100_000;

/**
 * Paths of files that match a pattern, relative to a directory and sorted. `*` and `?` match within
 * a name, `**` matches directories, and `{jpg,png}` matches one of several texts. Hidden files
 * match only names that begin with a dot.
 * @throws TableProblem if there are none
 */
export function matchingFiles(pattern: string, directory: string): string[] {
  const parts = pattern.replace(/^\.\//, '').split('/');
  const fixed = parts.findIndex((part) => /[*?{]/.test(part));
  const base = parts.slice(0, fixed < 0 ? -1 : fixed).join('/');
  const folder = resolve(directory, base);
  if (!existsSync(folder)) throw new TableProblem(`there is no directory ${folder}`);
  const expression = new RegExp(`^${parts.map(partExpression).join('')}$`);
  const found = readdirSync(folder, {
    recursive: pattern.includes('**') || (fixed >= 0 && fixed < parts.length - 1),
  })
    .map((name) => [...(base === '' ? [] : [base]), String(name).split(sep).join('/')].join('/'))
    .filter((path) => expression.test(path) && isFile(resolve(directory, path)))
    .sort();
  if (found.length === 0) throw new TableProblem(`no file matches ${pattern}`);
  if (found.length > MAX_FILES) throw new TableProblem(`more than ${MAX_FILES} files match ${pattern}`);
  return found;
}

/** False for a broken link. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The expression for a part of a pattern, with the slash behind it. */
function partExpression(part: string, index: number, parts: readonly string[]): string {
  const isLast = index === parts.length - 1;
  if (part === '**') return isLast ? String.raw`(?:(?!\.)[^/]+/)*(?!\.)[^/]+` : String.raw`(?:(?!\.)[^/]+/)*`;
  const escaped = part
    .replaceAll(/[.+^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{([^{}]*)\}/g, (_, choices: string) => `(?:${choices.replaceAll(',', '|')})`)
    .replaceAll('*', '[^/]*')
    .replaceAll(/\?(?!:)/g, '[^/]');
  const isHidden = part.startsWith('.');
  return `${isHidden || !/[*?{]/.test(part) ? '' : String.raw`(?!\.)`}${escaped}${isLast ? '' : '/'}`;
}

/** Writes the contents of files into one. @returns its path, and where each file is in it */
export async function packFiles(
  paths: readonly string[],
  directory: string,
): Promise<{ path: string; facts: FileFacts[] }> {
  const target = temporaryPath();
  const facts: FileFacts[] = [];
  let at = 0;
  await pipeline(async function* () {
    for (const path of paths) {
      const from = at;
      for await (const bytes of createReadStream(resolve(directory, path)) as AsyncIterable<Uint8Array>) {
        at += bytes.byteLength;
        yield bytes;
      }
      facts.push({ name: basename(path), path, size: at - from, at: from });
    }
  }, createWriteStream(target));
  return { path: target, facts };
}
