import { delimiter, dirname, join, resolve } from 'node:path';
import { DrumlineError } from '@drumline/model';

/** Packages that cannot be bundled. */
export const externalOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Scenario:',
  describe:
    'Package that cannot be bundled, such as playwright-core; each worker needs it in its working directory or NODE_PATH',
  read: (value: unknown): string[] => requirePackages([value].flat().map(String)),
} as const;

/** @throws DrumlineError `usage` with everything that is not a package name */
function requirePackages(names: readonly string[]): string[] {
  const wrong = names.filter((name) => !/^(?:@[\w.-]+\/)?[\w][\w.-]*$/.test(name) || name === 'drumline');
  if (wrong.length === 0) return [...new Set(names)];
  throw new DrumlineError(
    'usage',
    wrong
      .map((name) => `--external: '${name}' is not a package that can be left out of the bundle`)
      .join('\n'),
    'Give the name that is imported, without a path in it: --external playwright-core.',
  );
}

/**
 * Where workers on this machine look for external packages beside their working folder: where the
 * scenario finds them.
 */
export function nodePathFor(scenario: string): string {
  const folders: string[] = [];
  for (let folder = dirname(resolve(scenario)); ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules'));
    if (dirname(folder) === folder) break;
  }
  const known = process.env['NODE_PATH'];
  return [...(known ? [known] : []), ...folders].join(delimiter);
}
