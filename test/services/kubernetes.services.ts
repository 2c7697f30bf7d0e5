// Renders two runs in one namespace with Kustomize itself, if `kubectl` is installed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

const K8S = join(import.meta.dirname, '../../k8s');

const SECOND_RUN = `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../k8s/base]
nameSuffix: -second
labels:
  - pairs: { app.kubernetes.io/instance: second }
    includeSelectors: true
`;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const inKustomize = hasKubectl() ? describe : describe.skip;

inKustomize(`two runs in one namespace${hasKubectl() ? '' : ' (skipped: no kubectl)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'drumline-kustomize-'));
  let first: Manifest[];
  let second: Manifest[];
  beforeAll(() => {
    cpSync(K8S, join(folder, 'k8s'), { recursive: true });
    cpSync(join(K8S, 'base'), join(folder, 'second'), { recursive: true });
    writeFileSync(join(folder, 'second/kustomization.yaml'), SECOND_RUN);
    first = manifestsOf(join(folder, 'k8s/base'));
    second = manifestsOf(join(folder, 'second'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('have no name in common', () => {
    const names = new Set(first.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    expect(second.filter(({ kind, metadata }) => names.has(`${kind}/${metadata.name}`))).toEqual([]);
  });

  test.each([
    ['first', () => [first, second] as const],
    ['second', () => [second, first] as const],
  ])('select the pods of the %s run alone', (_, runs) => {
    const [own, other] = runs();
    const { selector } = pick(own, 'Service').spec as { selector: object };
    expect(podLabels(own, 'master')).toMatchObject(selector);
    expect(podLabels(other, 'master')).not.toMatchObject(selector);
    const workers = pick(own, 'NetworkPolicy', 'worker').spec as {
      podSelector: { matchLabels: object };
      egress: { to: [{ podSelector: { matchLabels: object } }] }[];
    };
    const dialed = workers.egress[1]!.to[0].podSelector.matchLabels;
    expect(podLabels(own, 'master')).toMatchObject(dialed);
    expect(podLabels(other, 'master')).not.toMatchObject(dialed);
    expect(podLabels(own, 'worker')).toMatchObject(workers.podSelector.matchLabels);
    expect(podLabels(other, 'worker')).not.toMatchObject(workers.podSelector.matchLabels);
    const budget = pick(own, 'PodDisruptionBudget').spec as { selector: { matchLabels: object } };
    expect(podLabels(own, 'master')).toMatchObject(budget.selector.matchLabels);
    expect(podLabels(other, 'master')).not.toMatchObject(budget.selector.matchLabels);
    const { podSelector, ingress } = pick(own, 'NetworkPolicy', 'master').spec as {
      podSelector: { matchLabels: object };
      ingress: [{ from: [{ podSelector: { matchLabels: object } }] }];
    };
    expect(podLabels(own, 'master')).toMatchObject(podSelector.matchLabels);
    expect(podLabels(other, 'master')).not.toMatchObject(podSelector.matchLabels);
    const from = ingress[0].from[0].podSelector.matchLabels;
    expect(podLabels(own, 'worker')).toMatchObject(from);
    expect(podLabels(other, 'worker')).not.toMatchObject(from);
  });

  test('have workers that dial their own master', () => {
    for (const manifests of [first, second]) {
      const service = pick(manifests, 'Service').metadata.name;
      expect(JSON.stringify(pick(manifests, 'Job', 'worker'))).toContain(
        `{"name":"MASTER_SERVICE","value":"${service}"}`,
      );
    }
  });
});

function manifestsOf(path: string): Manifest[] {
  const yaml = execFileSync('kubectl', ['kustomize', path], { encoding: 'utf8' });
  return parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);
}

function pick(manifests: readonly Manifest[], kind: string, part = ''): Manifest {
  return manifests.find((each) => each.kind === kind && each.metadata.name.includes(part))!;
}

function podLabels(manifests: readonly Manifest[], part: string): object {
  const { template } = pick(manifests, 'Job', part).spec as { template: { metadata: { labels: object } } };
  return template.metadata.labels;
}
