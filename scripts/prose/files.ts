import { execFileSync } from 'node:child_process';

const GENERATED = /(?:^|\/)(?:dist|node_modules|vendor)\//;

/**
 * The Markdown and source files of a checkout, tracked or new. Paths are relative to
 * `root`.
 */
export function proseFiles(root: string): { markdown: string[]; source: string[] } {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const deleted = new Set(list(root, ['ls-files', '--deleted']));
  const files = list(root, args).filter((file) => !deleted.has(file) && !GENERATED.test(file));
  return {
    markdown: files.filter((file) => file.endsWith('.md')),
    source: files.filter((file) => /\.(?:[cm]?[jt]s|tsx)$/.test(file)),
  };
}

function list(root: string, args: string[]): string[] {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 })
    .split('\n')
    .filter(Boolean);
}
