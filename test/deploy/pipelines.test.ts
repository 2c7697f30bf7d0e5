// The recipes for pipelines in a cluster: their options exist, and the rights in the page are
// those of k8s/pipeline.yaml. recipes.k8s.ts executes them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Role } from 'kubernetes-types/rbac/v1.js';
import { COMMANDS } from '../../packages/drumline/dist/cli/commands/index.js';
import { yamlBlocks } from '../support/yaml-blocks.js';
import { K8S } from './forms.js';
import { load } from './kustomize.js';
import { schemaProblems } from './api-schema.js';

const PAGE = 'kubernetes-run.md';
const { options } = COMMANDS.find(({ usage }) => usage.startsWith('k8s run'))!;

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
}
interface Recipe {
  readonly kind: string;
  readonly spec: { readonly templates?: { container: Container }[]; readonly steps?: Container[] };
}

test.each(['Workflow', 'Task'])('the recipe of a %s runs drumline k8s run with its options', (kind) => {
  const { content } = yamlBlocks<Recipe>(PAGE).find((block) => block.content.kind === kind)!;
  const { templates = [], steps = [] } = content.spec;
  const [container] = [...templates.map((template) => template.container), ...steps];
  expect(container!.command).toEqual(['drumline', 'k8s', 'run']);
  const given = container!.args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2));
  expect(given.length).toBeGreaterThan(2);
  for (const option of given) {
    const [name] = option.split('=') as [string];
    expect(Object.keys(options)).toContain(name.replace(/^no-/, ''));
  }
});

test('the account of pipelines is valid, and its rights are those of the page', async () => {
  const manifests = await load(join(K8S, 'pipeline.yaml'));
  expect(await schemaProblems(manifests)).toBe('');
  const role = manifests.find(({ kind }) => kind === 'Role') as unknown as Role;
  const page = readFileSync(new URL(`../../docs/${PAGE}`, import.meta.url), 'utf8');
  const rows = /^\| resources .*\n.*\n((?:\|.*\n)+)/m.exec(page)![1]!.trim().split('\n');
  const inPage = rows.flatMap((row) => {
    const [, resources, verbs] = row.split('|');
    const names = [...resources!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    return names.flatMap((name) => verbs!.split(',').map((verb) => `${name} ${verb.trim()}`));
  });
  // Those of the reader are in a sentence below the table.
  const ofReader = ['pods create', 'pods delete', 'pods watch'];
  const inRole = role.rules!.flatMap(({ resources, verbs }) =>
    resources!.flatMap((resource) => verbs.map((verb) => `${resource} ${verb}`)),
  );
  expect([...inPage, ...ofReader].sort()).toEqual(inRole.sort());
});
