// Executes the recipe for pipelines in a real cluster, with the account of k8s/pipeline.yaml and
// the image of docker/kubectl.Dockerfile. Runs with `npm run test:kubernetes`.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { yamlBlocks } from '../support/yaml-blocks.js';
import { K8S } from './forms.js';
import { IMAGE, Namespace, RESTRICTED_CONTAINER, RESTRICTED_POD, until } from './installation.js';
import { attempt, whyNoCluster } from './kubectl.js';

const PIPELINE_IMAGE = process.env['PIPELINE_IMAGE'] ?? 'drumline-kubectl';

interface Recipe {
  readonly kind: string;
  readonly spec: {
    readonly templates?: readonly { readonly container: { command: string[]; args: string[] } }[];
  };
}

const recipes = yamlBlocks<Recipe>('kubernetes-run.md').map(({ content }) => content);
const ofKind = (kind: string) => recipes.filter((recipe) => recipe.kind.startsWith(kind));

const DEFINITIONS = [
  ['Workflow', 'workflows.argoproj.io'],
  ['Task', 'tasks.tekton.dev'],
] as const;

const reason = await whyNoCluster();
/** Definitions that the cluster does not have. */
const absent: string[] = [];
for (const [, definition] of reason === undefined ? DEFINITIONS : [])
  if ((await attempt(['get', 'crd', definition])).exitCode !== 0) absent.push(definition);
const inCluster = reason === undefined ? describe : describe.skip;

inCluster(`recipes in a cluster${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('the step of a pipeline runs with the rights of its account, and is exact', async () => {
    await using namespace = await Namespace.create();
    await namespace.startTarget('shop');
    await namespace.kubectl(['apply', '--filename', join(K8S, 'pipeline.yaml')]);
    const scenario = join(import.meta.dirname, 'scenario.ts');
    await namespace.kubectl(['create', 'configmap', 'scenarios', `--from-file=shop.ts=${scenario}`]);
    const [workflow] = ofKind('Workflow');
    const { command, args } = workflow!.spec.templates![0]!.container;
    const values = ['image.pullPolicy=IfNotPresent', 'workers.cpu=1', 'workers.memory=512Mi'];
    const step = {
      ...RESTRICTED_CONTAINER,
      name: 'step',
      image: PIPELINE_IMAGE,
      command,
      args: [
        ...args.map((arg) =>
          arg.replace(/^--image=.*/, `--image=${IMAGE}`).replace('--workers=4', '--workers=2'),
        ),
        ...values.flatMap((value) => ['--set', value]),
      ],
      env: [{ name: 'DRUMLINE_TARGET', value: 'http://shop:8080' }],
      volumeMounts: [{ name: 'scenarios', mountPath: '/scenarios' }],
    };
    const { automountServiceAccountToken: _, ...pod } = RESTRICTED_POD;
    await namespace.apply([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'step' },
        spec: {
          ...pod,
          serviceAccountName: 'load-test',
          restartPolicy: 'Never',
          containers: [step],
          volumes: [{ name: 'scenarios', configMap: { name: 'scenarios' } }],
        },
      },
    ]);
    const phase = () => namespace.kubectl(['get', 'pod', 'step', '--output=jsonpath={.status.phase}']);
    await until('the step has ended', async () => ['Succeeded', 'Failed'].includes(await phase()));
    const log = await namespace.kubectl(['logs', 'step']);
    expect([await phase(), log]).toEqual(['Succeeded', expect.stringContaining('✓ passed')]);
    const [, requests] = /([\d,]+) requests ·/.exec(log)!;
    expect(Number(requests!.replaceAll(',', ''))).toBe(await namespace.countOf('shop'));
    await until('nothing is left', async () => {
      const kinds = 'jobs,services,pvc,networkpolicies,poddisruptionbudgets';
      const left = await namespace.kubectl([
        'get',
        kinds,
        '-l',
        'app.kubernetes.io/name=drumline',
        '-o',
        'name',
      ]);
      return left === '';
    });
  });

  for (const [kind, definition] of DEFINITIONS) {
    const missing = absent.includes(definition);
    (missing ? test.skip : test)(
      `the recipe of a ${kind} is valid${missing ? ` (skipped: the cluster has no ${definition})` : ''}`,
      async () => {
        await using namespace = await Namespace.create();
        for (const recipe of ofKind(kind)) {
          const created = ['create', '--dry-run=server', '--validate=strict', '--filename', '-'];
          expect(await namespace.kubectl(created, JSON.stringify(recipe))).toContain('created');
        }
      },
    );
  }
});
