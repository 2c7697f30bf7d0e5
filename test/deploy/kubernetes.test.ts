import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type {
  ConfigMap,
  Container,
  EnvVar,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
  Service,
} from 'kubernetes-types/core/v1.js';
import { EXIT_CODES } from '@drumline/model';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { schemaProblems } from './api-schema.js';
import { build, load, type Manifest } from './kustomize.js';

const K8S = join(import.meta.dirname, '../../k8s');
const HANDED_OVER = EXIT_CODES['handed-over'].exitCode;

test('a field that is unknown to the Kubernetes API is detected', async () => {
  const typo = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'typo' },
    spec: { port: [{ port: '80' }] },
  };
  expect(await schemaProblems([typo])).toMatch(/'"port"' does not exist in type 'ServiceSpec'/);
});

describe.each(['base', 'overlays/example'])('k8s/%s', (folder) => {
  test('is valid for the Kubernetes API', async () => {
    const manifests = await build(join(K8S, folder));
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Job',
      'Job',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'Service',
    ]);
    expect(await schemaProblems(manifests)).toBe('');
  });

  test('Service and network policy select the master; network policy and topology spread select the workers', async () => {
    const { master, worker, service, policy } = await cluster(folder);
    expect(labelsOf(master)).toMatchObject(service.spec!.selector!);
    expect(labelsOf(worker)).not.toMatchObject(service.spec!.selector!);
    expect(labelsOf(master)).toMatchObject(policy.spec!.podSelector.matchLabels!);
    expect(labelsOf(worker)).toMatchObject(policy.spec!.ingress![0]!.from![0]!.podSelector!.matchLabels!);
    for (const { labelSelector } of podOf(worker).topologySpreadConstraints!) {
      expect(labelsOf(worker)).toMatchObject(labelSelector!.matchLabels!);
    }
  });

  test('every named port exists on the master and is the one that its options bind', async () => {
    const { master, service, policy } = await cluster(folder);
    const { ports, readinessProbe } = containerOf(master);
    const numberOf = Object.fromEntries(ports!.map(({ name, containerPort }) => [name!, containerPort]));
    for (const { name, port, targetPort } of service.spec!.ports!) {
      expect(targetPort).toBe(name);
      expect(numberOf[name!]).toBe(port);
    }
    expect(numberOf).toHaveProperty(String(readinessProbe!.tcpSocket!.port));
    expect(numberOf).toHaveProperty(String(policy.spec!.ingress![0]!.ports![0]!.port));
    expect(variable(master, 'DRUMLINE_BIND')).toBe(`tcp://0.0.0.0:${numberOf['control']}`);
    expect(variable(master, 'DRUMLINE_API')).toBe(`0.0.0.0:${numberOf['api']}`);
  });

  test('the master has the key and the workers only the token, from a Secret outside the repository', async () => {
    const { master, worker } = await cluster(folder);
    expect(secretsOf(master)).toEqual([['DRUMLINE_KEY', { name: 'drumline', key: 'DRUMLINE_KEY' }]]);
    expect(secretsOf(worker)).toEqual([['DRUMLINE_TOKEN', { name: 'drumline', key: 'DRUMLINE_TOKEN' }]]);
    for (const job of [master, worker]) expect(containerOf(job).envFrom).toBeUndefined();
  });

  test('workers dial the Service', async () => {
    const { worker, service } = await cluster(folder);
    const control = service.spec!.ports!.find(({ name }) => name === 'control')!;
    expect(variable(worker, 'MASTER_SERVICE')).toBe(service.metadata!.name);
    expect(variable(worker, 'DRUMLINE_MASTER')).toBe(`tcp://$(MASTER_SERVICE):${control.port}`);
  });

  test('the master’s scenario is a file of the mounted config map', async () => {
    const { master, config } = await cluster(folder);
    const { args, volumeMounts } = containerOf(master);
    const mount = volumeMounts!.find(({ name }) => name === 'scenario')!;
    expect(podOf(master).volumes).toContainEqual({
      name: 'scenario',
      configMap: { name: config.metadata!.name },
    });
    expect(Object.keys(config.data!).map((file) => `${mount.mountPath}/${file}`)).toContain(args![1]);
  });

  test('reports are written to the volume that outlives the master', async () => {
    const { master, claim } = await cluster(folder);
    const mount = containerOf(master).volumeMounts!.find(({ name }) => name === 'results')!;
    const persistentVolumeClaim = { claimName: claim.metadata!.name };
    expect(podOf(master).volumes).toContainEqual({ name: 'results', persistentVolumeClaim });
    for (const name of ['DRUMLINE_JSON', 'DRUMLINE_HTML']) {
      expect(variable(master, name)!.startsWith(`${mount.mountPath}/`)).toBe(true);
    }
  });

  test('parallelism, completions and the number of expected workers are equal', async () => {
    const { master, worker } = await cluster(folder);
    expect(worker.spec).toMatchObject({ completionMode: 'Indexed', parallelism: worker.spec!.completions });
    expect(variable(master, 'DRUMLINE_EXPECT_WORKERS')).toBe(String(worker.spec!.completions));
  });

  test('a killed or evicted master is replaced by one that finds its run, and a verdict ends the Job', async () => {
    const { master } = await cluster(folder);
    const [disruption, exit, ...others] = master.spec!.podFailurePolicy!.rules;
    expect(disruption).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] });
    const { containerName, operator, values } = exit!.onExitCodes!;
    expect([exit!.action, containerName, operator]).toEqual(['FailJob', containerOf(master).name, 'NotIn']);
    expect(others).toEqual([]);
    // SIGKILL, and the exit code of a master that hands over its run. All other codes are verdicts.
    expect(values).toEqual(expect.arrayContaining([137, HANDED_OVER]));
    const verdicts: number[] = Object.values(EXIT_CODES).map(({ exitCode }) => exitCode);
    expect(values.filter((code) => code !== HANDED_OVER && verdicts.includes(code))).toEqual([]);
    expect(variable(master, 'DRUMLINE_ON_SIGTERM')).toBe('hand-over');
    expect(master.spec!.backoffLimit).toBeGreaterThan(0);
    expect(master.spec!.podReplacementPolicy).toBe('Failed');
    expect(podOf(master).hostname).toBe('drumline-master');
    const mount = containerOf(master).volumeMounts!.find(({ name }) => name === 'results')!;
    expect(variable(master, 'DRUMLINE_DATA_DIR')!.startsWith(`${mount.mountPath}/`)).toBe(true);
  });

  test('an evicted or deleted worker is replaced any number of times', async () => {
    const { worker } = await cluster(folder);
    const ignored = worker.spec!.podFailurePolicy!.rules.filter(({ action }) => action === 'Ignore');
    expect(ignored[0]!.onPodConditions).toMatchObject([{ type: 'DisruptionTarget' }]);
    expect(ignored[1]!.onExitCodes).toMatchObject({ operator: 'In', values: [HANDED_OVER] });
  });

  test('a worker is named by its index and has a lane for each whole CPU', async () => {
    const { worker } = await cluster(folder);
    const { env, resources } = containerOf(worker);
    const index = env!.findIndex(({ name }) => name === 'INDEX');
    expect(env![index]!.valueFrom!.fieldRef!.fieldPath).toContain('batch.kubernetes.io/job-completion-index');
    expect(env!.findIndex(({ name }) => name === 'DRUMLINE_NAME')).toBeGreaterThan(index);
    expect(variable(worker, 'DRUMLINE_NAME')).toBe('worker-$(INDEX)');
    expect(env!.find(({ name }) => name === 'DRUMLINE_LANES')!.valueFrom!.resourceFieldRef).toMatchObject({
      resource: 'limits.cpu',
      divisor: '1',
    });
    expect(resources!.limits!['cpu']).toMatch(/^\d+$/);
    expect(resources!.requests).toEqual(resources!.limits);
  });

  test.each(['master', 'worker'] as const)(
    'the %s has no privileges, does not run as root and can only write to its volumes',
    async (role) => {
      const job = (await cluster(folder))[role];
      expect(podOf(job).securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(containerOf(job).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(containerOf(job).volumeMounts!.map(({ mountPath }) => mountPath)).toContain('/tmp');
      expect(podOf(job).automountServiceAccountToken).toBe(false);
    },
  );

  test.each(['master', 'worker'] as const)(
    'the %s has time to drain, and no service environment variables',
    async (role) => {
      const job = (await cluster(folder))[role];
      expect(podOf(job).terminationGracePeriodSeconds).toBeGreaterThan(30);
      expect(podOf(job)).toMatchObject({ restartPolicy: 'Never', enableServiceLinks: false });
      expect(containerOf(job).resources!.limits).toHaveProperty('memory');
    },
  );
});

test('the example overlay changes the number of workers, the image and the scenario', async () => {
  const [base, example] = [await cluster('base'), await cluster('overlays/example')];
  expect(example.worker.spec!.completions).not.toBe(base.worker.spec!.completions);
  expect(containerOf(example.worker).image).toBe(containerOf(example.master).image);
  expect(containerOf(example.worker).image).not.toBe(containerOf(base.worker).image);
  expect(example.config.data).not.toEqual(base.config.data);
});

test('the pod that reads the reports is valid for the API and mounts their claim', async () => {
  const manifests = await load(join(K8S, 'reader.yaml'));
  expect(await schemaProblems(manifests)).toBe('');
  const claimName = (await cluster('base')).claim.metadata!.name;
  const { volumes } = (pick(manifests, 'Pod') as Pod).spec!;
  expect(volumes).toEqual([{ name: 'results', persistentVolumeClaim: { claimName } }]);
});

async function cluster(folder: string) {
  const manifests = await build(join(K8S, folder));
  return {
    master: pick(manifests, 'Job', 'drumline-master') as Job,
    worker: pick(manifests, 'Job', 'drumline-worker') as Job,
    service: pick(manifests, 'Service') as Service,
    policy: pick(manifests, 'NetworkPolicy') as NetworkPolicy,
    claim: pick(manifests, 'PersistentVolumeClaim') as PersistentVolumeClaim,
    config: pick(manifests, 'ConfigMap') as ConfigMap,
  };
}

function pick(manifests: readonly Manifest[], kind: string, name?: string): unknown {
  const hits = manifests.filter(
    (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
  );
  if (hits.length !== 1) throw new Error(`${hits.length} of ${kind} ${name ?? ''}, not one`);
  return hits[0];
}

function labelsOf(job: Job): Record<string, string> {
  return job.spec!.template.metadata!.labels!;
}

function podOf(job: Job): PodSpec {
  return job.spec!.template.spec!;
}

function containerOf(job: Job): Container {
  return podOf(job).containers[0]!;
}

/** Environment variables of its container that come from Secrets. */
function secretsOf(job: Job): [string, unknown][] {
  return containerOf(job)
    .env!.filter(({ valueFrom }) => valueFrom?.secretKeyRef)
    .map(({ name, valueFrom }) => [name, valueFrom!.secretKeyRef]);
}

function variable(job: Job, wanted: string): EnvVar['value'] {
  return containerOf(job).env!.find(({ name }) => name === wanted)?.value;
}
