// Compares the forms with what Helm and Kustomize make of them, and validates all of them against
// the schemas of several versions of Kubernetes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseValues, renderManifests, toYaml, type Resource } from '@drumline/kubernetes';
import { parseAllDocuments } from 'yaml';
import { K8S, RUNS, SERVICES, UNUSUAL, UNUSUAL_SERVICE } from '../deploy/forms.js';

const CHART = join(K8S, 'chart');
/** From the oldest that is supported to the newest that there are schemas of. */
const VERSIONS = ['1.29', '1.31', '1.33', '1.35', '1.36', '1.37'];

const folder = mkdtempSync(join(tmpdir(), 'drumline-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inHelm = suiteFor('helm', ['version']);
const inKustomize = suiteFor('kubectl', ['version', '--client']);
const withSchemas = suiteFor('kubernetes-validate', ['--version']);

inHelm.suite(`the Helm chart${inHelm.reason}`, () => {
  test('has no problem that `helm lint --strict` finds', () => {
    for (const values of [{}, UNUSUAL, UNUSUAL_SERVICE])
      expect(helm('lint', '--strict', CHART, '--values', fileOf(values))).toContain('0 chart(s) failed');
  });

  test.each([
    ['a run of a submission', {}],
    ['a run with unusual values', UNUSUAL],
    ['a service', { mode: 'service' }],
    ['a service with unusual values', UNUSUAL_SERVICE],
    [
      'a service without workers and policies',
      { mode: 'service', workers: { count: 0 }, networkPolicy: { enabled: false } },
    ],
  ])('makes the same resources for %s as `drumline k8s render`', (_, values) => {
    const yaml = helm('template', 'checkout', CHART, '--namespace', 'load', '--values', fileOf(values));
    const [test, ...others] = resources(yaml).sort((a, b) => Number(isTest(b)) - Number(isTest(a)));
    expect(test).toMatchObject({ kind: 'Pod', metadata: { name: 'drumline-checkout-test' } });
    const rendered = renderManifests(parseValues({ name: 'checkout', ...values, namespace: 'load' }));
    expect(byName(others)).toEqual(byName(rendered));
  });

  test.each([
    ['worker.count=3', "additional properties 'worker' not allowed"],
    ['workers.cpu=500m', 'got string, want integer'],
    ['podMonitor.enabled=true', 'podMonitor.port: needed by podMonitor.enabled'],
    ['scenario.files.checkout\\.ts=x', 'scenario.path: scenario.ts is not in scenario.files'],
    ['master.podLabels.app\\.kubernetes\\.io/name=x', 'app.kubernetes.io/name is reserved: Drumline sets it'],
    ['workers.podAnnotations.linkerd\\.io/inject=x', 'linkerd.io/inject is reserved: set mesh.enabled'],
    [
      'outputs.out[0]=postgres=postgres://load:secret@db',
      'outputs.out: postgres contains a password: write $(NAME) instead',
    ],
    ['name=a-name-that-is-longer-than-36-characters', '/name'],
  ])('refuses %s', (value, problem) => {
    expect(() => helm('template', 'checkout', CHART, '--set', value)).toThrow(problem);
  });

  test('refuses a release whose name is too long, and says what helps', () => {
    const release = 'a-release-that-is-longer-than-36-characters';
    expect(() => helm('template', release, CHART)).toThrow('must have at most 36 lowercase letters');
    expect(helm('template', release, CHART, '--set', 'name=short')).toContain('drumline-short-master');
  });

  test('prints commands for the mode', () => {
    const notes = (values: object) => {
      const args = ['--dry-run=client', '--namespace', 'load', '--values', fileOf(values)];
      return helm('install', 'checkout', CHART, ...args).split('\nNOTES:\n')[1];
    };
    expect(notes({})).toContain('kubectl -n load port-forward job/drumline-checkout-master 8089');
    expect(notes(UNUSUAL)).not.toContain('port-forward');
    expect(notes({ mode: 'service' })).toContain('scale deployment drumline-checkout-worker');
  });
});

inKustomize.suite(`Kustomize${inKustomize.reason}`, () => {
  test.each([
    ['base', { scenario: { configMap: 'drumline-scenario' } }],
    ['service', { mode: 'service' }],
  ])('k8s/%s has the same resources as `drumline k8s render`', (form, values) => {
    const yaml = execFileSync('kubectl', ['kustomize', join(K8S, form)], { encoding: 'utf8' });
    const built = resources(yaml.replaceAll(/drumline-scenario-[a-z0-9]{10}\b/g, 'drumline-scenario'));
    const others = built.filter(({ kind }) => kind !== 'ConfigMap');
    expect(byName(others)).toEqual(byName(renderManifests(parseValues(values))));
  });
});

withSchemas.suite(`the schemas of Kubernetes${withSchemas.reason}`, () => {
  const forms = [...Object.entries(RUNS), ...Object.entries(SERVICES)];

  test.each(VERSIONS)('%s accept every form', async (version) => {
    const files = await Promise.all(
      forms.map(async ([, make], index) => {
        const file = join(folder, `${index}.yaml`);
        const ofKubernetes = (await make()).filter(({ kind }) => kind !== 'PodMonitor');
        writeFileSync(file, toYaml(ofKubernetes as unknown as Resource[]));
        return file;
      }),
    );
    const output = validate(version, ...files, join(K8S, 'reader.yaml'), join(K8S, 'pipeline.yaml'));
    expect(output).not.toMatch(/^(?:WARN|ERROR)/m);
    expect(output.match(/passed for resource/g)!.length).toBeGreaterThan(forms.length * 6);
  });

  test('reject an unknown field', () => {
    const file = join(folder, 'typo.yaml');
    writeFileSync(file, 'apiVersion: v1\nkind: Service\nmetadata: {name: typo}\nspec: {port: 1}\n');
    expect(() => validate(VERSIONS[0]!, file)).toThrow();
  });
});

/** `describe` if the program runs, else `describe.skip` with the reason for the suite's name. */
function suiteFor(program: string, args: readonly string[]) {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return { suite: describe, reason: '' };
  } catch {
    return { suite: describe.skip, reason: ` (skipped: no ${program})` };
  }
}

function helm(...args: readonly string[]): string {
  return execFileSync('helm', args, { encoding: 'utf8', stdio: 'pipe' });
}

function validate(version: string, ...files: readonly string[]): string {
  const args = ['--kubernetes-version', version, '--strict', ...files];
  return execFileSync('kubernetes-validate', args, { encoding: 'utf8', stdio: 'pipe' });
}

/** A values file. JSON is YAML. */
function fileOf(values: object): string {
  const { namespace: _, ...rest } = values as { namespace?: string };
  const file = join(folder, `values-${Object.keys(rest).length}-${JSON.stringify(rest).length}.yaml`);
  writeFileSync(file, JSON.stringify(rest));
  return file;
}

function resources(yaml: string): Resource[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Resource | null)
    .filter((resource) => resource !== null);
}

function isTest({ metadata }: Resource): boolean {
  return metadata.labels['app.kubernetes.io/component'] === 'test';
}

/** Resources by kind and name, without what differs between the forms by design. */
function byName(list: readonly Resource[]): Record<string, unknown> {
  const ofForms = ['app.kubernetes.io/managed-by', 'helm.sh/chart', 'helm.sh/resource-policy'];
  const plain = list.map((resource) => {
    const text = JSON.stringify(resource, (key, entry: unknown) => {
      if (ofForms.includes(key)) return undefined;
      const isEmptied =
        key === 'annotations' && Object.keys(entry as object).every((each) => ofForms.includes(each));
      return isEmptied ? undefined : entry;
    });
    return [`${resource.kind}/${resource.metadata.name}`, JSON.parse(text) as unknown];
  });
  return Object.fromEntries(plain) as Record<string, unknown>;
}
