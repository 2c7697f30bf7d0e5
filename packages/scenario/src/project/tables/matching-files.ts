import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileFacts } from '../../runtime/tables/data-file.js';
import { temporaryPath } from '../../artifacts/cache.js';
import { TableProblem } from './table-problem.js';

/** The most files of one table. */
const MAX_FILES = 100_000;

/**
 * Paths of files that match a pattern, relative to a directory and sorted. `*` and `?` match within
 * a name, `**` matches directories.
 * @throws TableProblem if there are none
 */
export function matchingFiles(pattern: string, directory: string): string[] {
  const parts = pattern.replace(/^\.\//, '').split('/');
  const fixed = parts.findIndex((part) => /[*?]/.test(part));
  const base = parts.slice(0, fixed < 0 ? -1 : fixed).join('/');
  const folder = join(directory, base);
  if (!existsSync(folder)) throw new TableProblem(`there is no directory ${folder}`);
  const expression = new RegExp(`^${parts.map(partExpression).join('/').replaceAll('(?:.*)/', '(?:.*/)?')}$`);
  const found = readdirSync(folder, { recursive: pattern.includes('**') || fixed < parts.length - 1 })
    .map((name) => [base, String(name).split(sep).join('/')].filter((part) => part !== '').join('/'))
    .filter((path) => expression.test(path) && statSync(join(directory, path)).isFile())
    .sort();
  if (found.length === 0) throw new TableProblem(`no file matches ${pattern}`);
  if (found.length > MAX_FILES) throw new TableProblem(`more than ${MAX_FILES} files match ${pattern}`);
  return found;
}

function partExpression(part: string): string {
  if (part === '**') return '(?:.*)';
  const escaped = part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
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
      for await (const bytes of createReadStream(join(directory, path)) as AsyncIterable<Uint8Array>) {
        at += bytes.byteLength;
        yield bytes;
      }
      facts.push({ name: basename(path), path, size: at - from, at: from });
    }
  }, createWriteStream(target));
  return { path: target, facts };
}
