import { join } from 'node:path';
import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1.js';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type {
  ConfigMap,
  Container,
  EnvVar,
  PersistentVolumeClaim,
  PodSpec,
  PodTemplateSpec,
  Service,
} from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import { parseValues, renderManifests } from '@drumline/kubernetes';
import { build, type Manifest } from './kustomize.js';

export const K8S = join(import.meta.dirname, '../../k8s');

/** Values that differ from every default, as far as they can be combined. */
export const UNUSUAL = {
  name: 'checkout',
  image: {
    repository: 'registry.example:5000/load/drumline',
    digest: `sha256:${'0'.repeat(64)}`,
    pullPolicy: 'Always',
    pullSecrets: [{ name: 'registry' }],
  },
  secret: 'credentials',
  target: 'http://shop.shop.svc.cluster.local/?a="b"&c=%d',
  scenario: { files: { 'scenario.ts': 'export default 1;\n\n  // {{ not a template }}\n' } },
  args: ['--label=build=7', '--fail-if=p99 > +10%'],
  master: { cpu: 4, memory: '2Gi', ephemeralStorage: '3Gi', waitForWorkers: '7m', ...podValues('master') },
  workers: {
    count: 12,
    cpu: 3,
    memory: '1500Mi',
    ephemeralStorage: '2Gi',
    retries: 5,
    connectTimeout: '1h',
    oneNodeEach: true,
    ...podValues('workers'),
  },
  results: { size: '5Gi', storageClass: 'fast' },
  networkPolicy: {
    egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    api: [{ namespaceSelector: { matchLabels: { team: 'load' } } }],
  },
  mesh: { enabled: true },
  ca: { configMap: 'authority', key: 'root.pem' },
  outputs: {
    out: ['prometheus=:9464', 'postgres=postgres://load:$(DB_PASSWORD)@db/load?optional=true'],
    tap: ['amqp://rabbitmq'],
    metricNames: 'k6',
    secret: 'outputs',
    allowSubmitted: true,
  },
  podMonitor: { enabled: true, port: 9464, path: '/m', interval: '5s', labels: { release: 'prometheus' } },
  ttlSeconds: 600,
  deadlineSeconds: 90_000,
  gracePeriodSeconds: 300,
};

/** The same for a service. */
export const UNUSUAL_SERVICE = {
  ...UNUSUAL,
  mode: 'service',
  target: '',
  scenario: {},
  args: ['--keep=20', '--queue-limit=7'],
  results: { persistent: false },
  ca: { secret: 'authority' },
};

function podValues(role: string) {
  return {
    priorityClassName: `${role}-first`,
    nodeSelector: { pool: role },
    tolerations: [{ key: 'load', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: { nodeAffinity: {} },
    podLabels: { team: role },
    podAnnotations: { 'example.com/note': 'true' },
    extraEnv: [
      { name: 'DRUMLINE_SECRET_API_KEY', valueFrom: { secretKeyRef: { name: 'shop', key: 'api' } } },
    ],
    extraVolumes: [{ name: 'data', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
}

/** The resources of one run, in each form that needs no other program. */
export const RUNS: Readonly<Record<string, () => Promise<Manifest[]>>> = {
  'k8s/base': () => build(join(K8S, 'base')),
  'k8s/overlays/example': () => build(join(K8S, 'overlays/example')),
  'a run of a submission': () => rendered({}),
  'a run with unusual values': () => rendered(UNUSUAL),
};

/** The resources of a service, in the same forms. */
export const SERVICES: Readonly<Record<string, () => Promise<Manifest[]>>> = {
  'k8s/service': () => build(join(K8S, 'service')),
  'a service with unusual values': () => rendered(UNUSUAL_SERVICE),
};

function rendered(values: object): Promise<Manifest[]> {
  return Promise.resolve(renderManifests(parseValues(values)));
}

/** A Job, StatefulSet or Deployment. */
type Workload = Job | StatefulSet | Deployment;

/** The resources by what they are for. */
export function partsOf(manifests: readonly Manifest[]) {
  const master = workload(manifests, 'master');
  const worker = workload(manifests, 'worker');
  return {
    master,
    worker,
    service: pick(manifests, 'Service') as Service,
    masterPolicy: pick(manifests, 'NetworkPolicy', 'master') as NetworkPolicy,
    workerPolicy: pick(manifests, 'NetworkPolicy', 'worker') as NetworkPolicy,
    claim: all(manifests, 'PersistentVolumeClaim')[0] as PersistentVolumeClaim | undefined,
    config: all(manifests, 'ConfigMap')[0] as ConfigMap | undefined,
    budget: all(manifests, 'PodDisruptionBudget')[0] as PodDisruptionBudget | undefined,
  };
}

function workload(manifests: readonly Manifest[], component: string): Workload {
  const kinds = ['Job', 'StatefulSet', 'Deployment'];
  return one(
    manifests.filter(({ kind, metadata }) => kinds.includes(kind) && componentOf(metadata) === component),
    component,
  ) as Workload;
}

function pick(manifests: readonly Manifest[], kind: string, component = 'master'): unknown {
  return one(
    all(manifests, kind).filter(({ metadata }) => componentOf(metadata) === component),
    kind,
  );
}

function all(manifests: readonly Manifest[], wanted: string): Manifest[] {
  return manifests.filter(({ kind }) => kind === wanted);
}

function one(hits: readonly Manifest[], what: string): unknown {
  if (hits.length !== 1) throw new Error(`${hits.length} of ${what}, not one`);
  return hits[0];
}

function componentOf({ labels }: Manifest['metadata']): string | undefined {
  return labels?.['app.kubernetes.io/component'];
}

export function templateOf(workload: Workload): PodTemplateSpec {
  return workload.spec!.template;
}

export function labelsOf(workload: Workload): Record<string, string> {
  return templateOf(workload).metadata!.labels!;
}

export function podOf(workload: Workload): PodSpec {
  return templateOf(workload).spec!;
}

export function containerOf(workload: Workload): Container {
  return podOf(workload).containers[0]!;
}

export function variable(workload: Workload, wanted: string): EnvVar['value'] {
  return containerOf(workload).env!.find(({ name }) => name === wanted)?.value;
}
