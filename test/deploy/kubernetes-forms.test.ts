import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartFiles, kustomizeFiles, parseValues } from '@drumline/kubernetes';
import { parse } from 'yaml';
import { commandName } from '../../packages/drumline/dist/cli/command.js';
import { COMMANDS } from '../../packages/drumline/dist/cli/commands/index.js';
import { containerOf, K8S, partsOf, RUNS, SERVICES, UNUSUAL } from './forms.js';

test('k8s/ is what `npm run k8s` writes', async () => {
  const chart = Object.entries(chartFiles()).map(([path, content]) => [`chart/${path}`, content]);
  const written = Object.fromEntries([...chart, ...Object.entries(kustomizeFiles())]) as Record<
    string,
    string
  >;
  const present = await Promise.all(
    ['chart', 'base', 'service'].map(async (folder) => {
      const entries = await readdir(join(K8S, folder), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  const byHand = [join(K8S, 'base/scenario.ts')];
  expect(present.flat().sort()).toEqual(
    [...Object.keys(written).map((path) => join(K8S, path)), ...byHand].sort(),
  );
  for (const [path, content] of Object.entries(written))
    expect({ path, content: await readFile(join(K8S, path), 'utf8') }).toEqual({ path, content });
});

describe.each([...Object.entries(RUNS), ...Object.entries(SERVICES)])('%s', (_, make) => {
  test.each(['master', 'worker'] as const)(
    'every option of the %s exists, and accepts its value',
    async (role) => {
      const { args = [], env = [] } = containerOf(partsOf(await make())[role]);
      const { options } = COMMANDS.find((each) => commandName(each) === args[0])!;
      const status = COMMANDS.find((each) => commandName(each) === 'status')!.options;
      for (const flag of args.filter((arg) => arg.startsWith('--')))
        expect(Object.keys(options)).toContain(/^--([\w-]+)/.exec(flag)![1]);
      for (const { name, value } of env) {
        if (!name.startsWith('DRUMLINE_') || name.startsWith('DRUMLINE_SECRET_')) continue;
        const option = name.slice('DRUMLINE_'.length).toLowerCase().replaceAll('_', '-');
        // The token of the control API is for commands inside the pod.
        const known = option === 'api-token-file' ? status : options;
        expect(Object.keys(known)).toContain(option);
        const { read, type, choices } = known[option]!;
        if (choices) expect(choices).toContain(value);
        if (value !== undefined && !value.includes('$(')) read?.(type === 'number' ? Number(value) : value);
      }
    },
  );
});

test('the values of the chart have the defaults of the program', async () => {
  const values = parse(chartFiles()['values.yaml']!) as Record<string, unknown>;
  expect(parseValues({ ...values, name: 'drumline' })).toEqual(parseValues({}));
});

test('the schema of the chart lists every value, and the page describes it', () => {
  const files = chartFiles();
  const schema = JSON.parse(files['values.schema.json']!) as Record<string, unknown>;
  for (const path of pathsOf(parse(files['values.yaml']!) as Tree)) {
    expect(schema).toHaveProperty(['properties', ...path.join('.properties.').split('.')]);
    expect(files['README.md']).toContain(`| \`${path.join('.')}\` |`);
  }
});

test('the unusual values of the tests differ from every default', () => {
  const standard = parseValues({}) as unknown as Tree;
  const unusual = parseValues(UNUSUAL) as unknown as Tree;
  const same = pathsOf(parse(chartFiles()['values.yaml']!) as Tree).filter(
    (path) => JSON.stringify(at(standard, path)) === JSON.stringify(at(unusual, path)),
  );
  expect(same.map((path) => path.join('.'))).toEqual([
    'mode',
    'image.tag',
    'scenario.configMap',
    'scenario.path',
    'master.submitWithin',
    'master.linger',
    'master.disruptionBudget',
    'results.persistent',
    'results.existingClaim',
    'networkPolicy.enabled',
    'ca.secret',
  ]);
});

type Tree = Readonly<Record<string, unknown>>;

/** Paths of all values. Groups are those that have entries in values.yaml. */
function pathsOf(tree: Tree, before: readonly string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, entry]) => {
    const isGroup = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    const inner = isGroup ? pathsOf(entry as Tree, [...before, key]) : [];
    return inner.length > 0 ? inner : [[...before, key]];
  });
}

function at(tree: Tree, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Tree)[key], tree);
}
