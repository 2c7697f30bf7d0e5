import { delimiter, dirname, join, resolve } from 'node:path';
import { DrumlineError } from '@drumline/model';

/** The option for packages that cannot be bundled. */
export const externalOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Scenario:',
  describe:
    'Package that cannot be bundled, such as playwright-core; each worker needs it in its working directory or NODE_PATH',
  read: (value: unknown): string[] => requirePackages([value].flat().map(String)),
} as const;

/** @throws DrumlineError `usage` with every name that is not a package name */
function requirePackages(names: readonly string[]): string[] {
  const invalid = names.filter((name) => !/^(?:@[\w.-]+\/)?[\w][\w.-]*$/.test(name) || name === 'drumline');
  if (invalid.length === 0) return [...new Set(names)];
  throw new DrumlineError(
    'usage',
    invalid
      .map((name) => `--external: '${name}' is not a package that can be left out of the bundle`)
      .join('\n'),
    'Give the name of the package, without a path: --external playwright-core.',
  );
}

/** NODE_PATH for local workers: they find external packages where the scenario's imports do. */
export function nodePathFor(scenario: string): string {
  const directories: string[] = [];
  for (let directory = dirname(resolve(scenario)); ; directory = dirname(directory)) {
    directories.push(join(directory, 'node_modules'));
    if (dirname(directory) === directory) break;
  }
  const inherited = process.env['NODE_PATH'];
  return [...(inherited ? [inherited] : []), ...directories].join(delimiter);
}
