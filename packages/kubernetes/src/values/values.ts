import { countField, flagField, group, listField, mapField, textField, type ValuesOf } from './schema.js';

const SIZE = { pattern: /^\d+(\.\d+)?([KMGTP]i?|k|m)?$/, expects: 'a size such as 512Mi or 1Gi' } as const;
const DURATION = { pattern: /^(\d+(\.\d+)?(ms|s|m|h))+$/, expects: 'a duration such as 30s or 10m' } as const;
const OBJECT_NAME = {
  pattern: /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$/,
  expects: 'the name of a Kubernetes object: lowercase letters, digits, - and .',
} as const;

/** A name of this length leaves room for the prefix, the suffixes and what Kubernetes appends. */
export const MAX_NAME_LENGTH = 36;

/** The name of a run, and '' for a default. Also the rule in the chart's helpers. */
export const NAME_PATTERN = /^([a-z]([a-z0-9-]{0,34}[a-z0-9])?)?$/;

/** Cloud metadata services give credentials to every process that asks. */
const METADATA = { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] };

/** What the pods of the master and of the workers have in common. */
const podFields = {
  priorityClassName: textField('Priority class of the pods. It must exist.', OBJECT_NAME),
  nodeSelector: mapField('text', 'Labels of the nodes that the pods may run on.'),
  tolerations: listField('object', 'Taints that the pods tolerate.'),
  affinity: mapField('any', 'Affinity of the pods.'),
  podLabels: mapField('text', 'Further labels of the pods.'),
  podAnnotations: mapField('text', 'Further annotations of the pods.'),
  extraEnv: listField('object', 'Further environment variables, as in a container.'),
  extraVolumes: listField('object', 'Further volumes, as in a pod.'),
  extraVolumeMounts: listField('object', 'Mounts of the further volumes, as in a container.'),
};

/** The values of an installation. */
export const FIELDS = {
  name: textField(
    'Name of the run, the instance of all labels. In Helm, by default the name of the release.',
    {
      default: 'drumline',
      pattern: NAME_PATTERN,
      expects: `a name of at most ${MAX_NAME_LENGTH} lowercase letters, digits and -, which begins with a letter`,
    },
  ),
  namespace: textField('Namespace of all resources; by default the one of `kubectl`.', OBJECT_NAME),
  mode: textField(
    'job: one run, whose exit code is its verdict. service: a master that executes submitted runs.',
    {
      default: 'job',
      choices: ['job', 'service'],
    },
  ),
  image: group('The image of master and workers.', {
    repository: textField('Registry and name.', { default: 'drumline' }),
    tag: textField('Tag; by default the version of Drumline.'),
    digest: textField('Digest, sha256:…, instead of a tag.', {
      pattern: /^(sha256:[0-9a-f]{64})?$/,
      expects: 'sha256: and 64 hexadecimal digits',
    }),
    pullPolicy: textField('When the image is pulled; by default as Kubernetes decides.', {
      choices: ['', 'Always', 'IfNotPresent', 'Never'],
    }),
    pullSecrets: listField('object', 'Secrets of a private registry: [{name: registry}].'),
  }),
  secret: textField('Secret with the variables that `drumline token --env` prints.', {
    ...OBJECT_NAME,
    default: 'drumline',
  }),
  scenario: group('The scenario of mode job. Without one, the master waits for a submission.', {
    files: mapField('text', 'Files by name, which become a ConfigMap.'),
    configMap: textField('An existing ConfigMap with the files.', OBJECT_NAME),
    path: textField('The scenario among the files, below /scenario.', {
      default: '/scenario/scenario.ts',
      pattern: /^\/scenario\/[\w.-]+$/,
      expects: 'the path of a file in /scenario',
    }),
  }),
  target: textField(
    'Target of the test, for a scenario from `scenario`; by default the one in the scenario.',
  ),
  args: listField('text', 'Further options of the master: [--label=build=7, --fail-if=p99 > +10%].'),
  master: group('The pod of the master.', {
    cpu: countField('CPUs, both requested and the limit. More for hundreds of workers.', 1, 1, 1024),
    memory: textField('Memory. More for hundreds of workers or thousands of series.', {
      ...SIZE,
      default: '1Gi',
    }),
    ephemeralStorage: textField('Disk space for temporary files and logs.', { ...SIZE, default: '1Gi' }),
    waitForWorkers: textField('How long a run waits for its workers before it fails.', {
      ...DURATION,
      default: '5m',
    }),
    submitWithin: textField('How long a master without a scenario waits for a submission.', {
      ...DURATION,
      default: '10m',
    }),
    linger: textField('How long that master stays after its run, so that results can be fetched.', {
      ...DURATION,
      default: '10m',
    }),
    disruptionBudget: flagField('Keep node drains from evicting the master of mode job.', true),
    ...podFields,
  }),
  workers: group('The pods of the workers.', {
    count: countField('Number of workers.', 3, 0, 10_000),
    cpu: countField(
      'CPUs of each, both requested and the limit. A worker has one lane for each.',
      2,
      1,
      1024,
    ),
    memory: textField('Memory of each.', { ...SIZE, default: '1Gi' }),
    ephemeralStorage: textField('Disk space of each for temporary files and logs.', {
      ...SIZE,
      default: '1Gi',
    }),
    retries: countField(
      'How often a failed worker of mode job is replaced. Evictions do not count.',
      3,
      0,
      1000,
    ),
    connectTimeout: textField('How long a worker of mode job waits for a master.', {
      ...DURATION,
      default: '10m',
    }),
    oneNodeEach: flagField('Require a node of its own for each worker, instead of preferring it.', false),
    ...podFields,
  }),
  results: group('The volume for runs and reports.', {
    persistent: flagField('Use a volume claim. Otherwise the volume is lost with the master’s pod.', true),
    size: textField('Size of the claim.', { ...SIZE, default: '1Gi' }),
    storageClass: textField('Storage class; by default the one of the cluster.', OBJECT_NAME),
    existingClaim: textField('An existing volume claim, used instead of a new one.', OBJECT_NAME),
  }),
  outputs: group('Where the master writes each second of a run while it runs.', {
    out: listField('text', 'Outputs, as for --out, without passwords: [influxdb=http://influxdb:8086/load].'),
    tap: listField('text', 'Taps, as for --tap, without passwords: [amqp://rabbitmq].'),
    metricNames: textField('Names of the metrics for Prometheus, as for --metric-names.', {
      choices: ['', 'drumline', 'k6'],
    }),
    secret: textField(
      'Secret with environment variables of the master: INFLUX_TOKEN, or DB_PASSWORD for $(DB_PASSWORD) in outputs.out.',
      OBJECT_NAME,
    ),
    allowSubmitted: flagField('Let submitted runs name outputs.', false),
  }),
  networkPolicy: group('Network policies. They need a network plug-in that enforces them.', {
    enabled: flagField('Create network policies.', true),
    egress: listField('object', 'Where master and workers may connect to, besides DNS and the master.', [
      { to: [{ namespaceSelector: {} }, { ipBlock: METADATA }, { ipBlock: { cidr: '::/0' } }] },
    ]),
    api: listField('object', 'Who may connect to the control API: [{namespaceSelector: {}}].'),
  }),
  mesh: group('Service meshes. A proxy in the pod distorts response times.', {
    enabled: flagField('Leave the pods to Istio or Linkerd.', false),
  }),
  ca: group('A private certificate authority that master and workers trust.', {
    configMap: textField('ConfigMap with the certificate.', OBJECT_NAME),
    secret: textField('Secret with the certificate.', OBJECT_NAME),
    key: textField('Its key.', { default: 'ca.crt', pattern: /^[\w.-]+$/, expects: 'a key such as ca.crt' }),
  }),
  podMonitor: group('A PodMonitor of the Prometheus operator for the master.', {
    enabled: flagField('Create it.', false),
    port: countField('Port on which the master serves metrics; 0 if it does not.', 0, 0, 65_535),
    path: textField('Path of the metrics.', { default: '/metrics' }),
    interval: textField('Interval of the scrapes.', { ...DURATION, default: '15s' }),
    labels: mapField('text', 'Labels by which Prometheus selects it.'),
  }),
  ttlSeconds: countField('How long ended Jobs are kept.', 86_400, 0),
  deadlineSeconds: countField(
    'When Jobs are ended: longer than the longest run, with the wait for workers.',
    14_400,
  ),
  gracePeriodSeconds: countField('How long a pod has to end: longer than --stop-timeout.', 120),
};

export type KubernetesValues = ValuesOf<typeof FIELDS>;
