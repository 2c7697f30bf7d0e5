import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunError } from './run-error.js';

const ENTRY = join('child', 'main.js');

/**
 * The file that the process of a run executes. It is beside this file, unless a bundler has moved
 * this code into the program that embeds it. Then the installed package has the file.
 * @throws RunError if there is no such file
 */
export function findEntry(): string {
  const here = moduleFolder();
  for (const folder of [here, installedFolder(here), installedFolder(process.cwd())]) {
    const path = folder && join(folder, ENTRY);
    if (path !== undefined && existsSync(path)) return path;
  }
  throw new RunError({
    code: 'internal',
    message: 'the process of a run cannot be started: its file is not beside drumline/embed',
    hint: 'A bundler has included drumline. Mark the package as external, and install it beside the program.',
  });
}

/** Undefined in a bundle that is not an ES module. */
function moduleFolder(): string | undefined {
  const { url } = import.meta as { url?: string };
  return url === undefined || !url.startsWith('file:') ? undefined : dirname(fileURLToPath(url));
}

function installedFolder(from: string | undefined): string | undefined {
  if (from === undefined) return undefined;
  try {
    return dirname(createRequire(join(from, 'x.js')).resolve('drumline/embed'));
  } catch {
    return undefined;
  }
}
