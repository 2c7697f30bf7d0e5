import {
  choose,
  inHelm,
  is,
  lines,
  merged,
  noted,
  passThrough,
  set,
  text,
  value,
  when,
  type Node,
} from '../tree/node.js';
import { inJobMode, inServiceMode, runsScenario, servesMetrics, takesSubmission } from './conditions.js';
import { labels, metadata, nameOf, selectorLabels } from './names.js';
import { CREDENTIALS_PATH, fieldVariable, podTemplate, variable } from './pod.js';

/** Ports of the master: their names in the Service, and what its options bind. */
export const PORTS = { control: 5557, api: 8089 } as const;

/** SIGABRT, SIGKILL, SIGSEGV, and a run that is handed over on SIGTERM. */
const NOT_A_VERDICT = [134, 137, 139, 143];

const args: Node = choose(
  runsScenario,
  ['master', value('scenario.path'), passThrough('args')],
  choose(inServiceMode, ['serve', passThrough('args')], ['serve', '--once', passThrough('args')]),
);

const env: readonly Node[] = [
  variable('DRUMLINE_KEY_FILE', `${CREDENTIALS_PATH}/key`),
  noted(
    'For `kubectl exec … drumline status`.',
    variable('DRUMLINE_API_TOKEN_FILE', `${CREDENTIALS_PATH}/api-token`),
  ),
  variable('DRUMLINE_BIND', `tcp://0.0.0.0:${PORTS.control}`),
  variable('DRUMLINE_API', `0.0.0.0:${PORTS.api}`),
  when(inJobMode, [
    noted(
      'Names files on the volume: the same for all pods of the Job, and another for the next Job.',
      fieldVariable('JOB', "metadata.labels['batch.kubernetes.io/controller-uid']"),
    ),
    variable('DRUMLINE_EXPECT_WORKERS', text(value('workers.count'))),
    variable('DRUMLINE_EXPECT_WORKERS_MAX_WAIT', value('master.waitForWorkers')),
    noted(
      'The verdict as JSON, for `kubectl` and pipelines.',
      variable('DRUMLINE_TERMINATION_LOG', '/dev/termination-log'),
    ),
    variable('DRUMLINE_JSON', '/results/result-$(JOB).json'),
    variable('DRUMLINE_HTML', '/results/report-$(JOB).html'),
  ]),
  when(runsScenario, [
    when(set('target'), variable('DRUMLINE_TARGET', value('target'))),
    noted(
      'The run is stored here for the pod that resumes it.',
      variable('DRUMLINE_DATA_DIR', '/results/.drumline'),
    ),
    noted(
      'A pod that is evicted or deleted leaves the run to the next one. `drumline stop` ends a run.',
      variable('DRUMLINE_ON_SIGTERM', 'hand-over'),
    ),
  ]),
  when(takesSubmission, [
    variable('DRUMLINE_DATA_DIR', '/results/$(JOB)'),
    variable('DRUMLINE_SUBMIT_WITHIN', value('master.submitWithin')),
    variable('DRUMLINE_LINGER', value('master.linger')),
  ]),
  when(inServiceMode, variable('DRUMLINE_DATA_DIR', '/results/.drumline')),
  when(set('outputs.out'), variable('DRUMLINE_OUT', lines('outputs.out'))),
  when(set('outputs.tap'), variable('DRUMLINE_TAP', lines('outputs.tap'))),
  when(set('outputs.metricNames'), variable('DRUMLINE_METRIC_NAMES', value('outputs.metricNames'))),
  when(
    { all: [set('outputs.allowSubmitted'), { not: runsScenario }] },
    variable('DRUMLINE_ALLOW_OUTPUTS', 'true'),
  ),
];

const pod = podTemplate({
  component: 'master',
  values: 'master',
  credentials: { key: 'DRUMLINE_KEY', 'api-token': 'DRUMLINE_API_TOKEN' },
  args,
  env,
  pod: {
    hostname: when(
      inJobMode,
      noted(
        'The same name for each pod. It shows a new pod that the process that wrote the run has ended.',
        nameOf('master'),
      ),
    ),
  },
  container: {
    envFrom: when(set('outputs.secret'), [
      noted('Variables for the outputs, such as INFLUX_TOKEN.', {
        secretRef: { name: value('outputs.secret') },
      }),
    ]),
    ports: [
      ...Object.entries(PORTS).map(([name, containerPort]) => ({ name, containerPort })),
      when(servesMetrics, { name: 'metrics', containerPort: value('podMonitor.port') }),
    ],
    readinessProbe: noted('The API requires its token.', { tcpSocket: { port: 'api' }, periodSeconds: 5 }),
  },
  mounts: [
    { name: 'results', mountPath: '/results' },
    when(runsScenario, { name: 'scenario', mountPath: '/scenario', readOnly: true }),
  ],
  volumes: [
    {
      name: 'results',
      persistentVolumeClaim: when(set('results.persistent'), {
        claimName: choose(set('results.existingClaim'), value('results.existingClaim'), nameOf('results')),
      }),
      emptyDir: when(is('results.persistent', false), { sizeLimit: value('results.size') }),
    },
    when(runsScenario, {
      name: 'scenario',
      configMap: {
        name: choose(set('scenario.configMap'), value('scenario.configMap'), nameOf('scenario')),
      },
    }),
  ],
});

const job: Node = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: metadata('master', 'master'),
  spec: {
    backoffLimit: 3,
    podReplacementPolicy: noted(
      'Never two at once: the old pod has ended before the new one writes to the run.',
      'Failed',
    ),
    podFailurePolicy: {
      rules: [
        noted('A drained node or an eviction is not a failure.', {
          action: 'Ignore',
          onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
        }),
        noted(
          'Any other exit code is the run’s verdict. These are not: killed (137, by the kernel or the kubelet), crashed (134, 139), handed over on SIGTERM (143).',
          {
            action: 'FailJob',
            onExitCodes: { containerName: 'master', operator: 'NotIn', values: NOT_A_VERDICT },
          },
        ),
      ],
    },
    activeDeadlineSeconds: noted(
      'Forgotten runs end after this time. Longer than the longest run, with the wait for workers.',
      value('deadlineSeconds'),
    ),
    ttlSecondsAfterFinished: value('ttlSeconds'),
    template: pod,
  },
};

const statefulSet: Node = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: metadata('master', 'master'),
  spec: {
    serviceName: nameOf('master'),
    replicas: noted('Never two at once: a StatefulSet starts a pod only after the old one has ended.', 1),
    selector: { matchLabels: selectorLabels('master') },
    template: pod,
  },
};

/** One run is one Job, and its exit code is the verdict. A service is a StatefulSet of one pod. */
export const master: Node = choose(
  inJobMode,
  noted(
    'One run is one Job, and its exit code is the verdict. A master that was killed, evicted or deleted is replaced, and the new one resumes the run.',
    job,
  ),
  noted(
    'The master executes the runs that are submitted to it. Its queue and results are on the volume.',
    statefulSet,
  ),
);

export const service: Node = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata('master', 'master'),
  spec: {
    selector: selectorLabels('master'),
    publishNotReadyAddresses: noted(
      'Workers must also reach a master that is ending, to deliver their last counts.',
      true,
    ),
    ports: Object.entries(PORTS).map(([name, port]) => ({ name, port, targetPort: name })),
  },
};

export const results: Node = when(
  { all: [set('results.persistent'), { not: set('results.existingClaim') }] },
  noted('Storage for runs and reports. It outlives the master.', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata('results', 'master', {
      annotations: when(inHelm, { 'helm.sh/resource-policy': 'keep' }),
    }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: when(set('results.storageClass'), value('results.storageClass')),
      resources: { requests: { storage: value('results.size') } },
    },
  }),
);

export const scenario: Node = when(set('scenario.files'), {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata('scenario', 'master'),
  data: passThrough('scenario.files'),
});

export const disruptionBudget: Node = when(
  { all: [inJobMode, set('master.disruptionBudget')] },
  noted('A drained node waits for the end of the run. Workers may be evicted: they hand over their users.', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata('master', 'master'),
    spec: {
      minAvailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels('master') },
    },
  }),
);

export const podMonitor: Node = when(servesMetrics, {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: {
    ...metadata('master', 'master'),
    labels: merged(labels('master'), passThrough('podMonitor.labels')),
  },
  spec: {
    selector: { matchLabels: selectorLabels('master') },
    podMetricsEndpoints: [
      { port: 'metrics', path: value('podMonitor.path'), interval: value('podMonitor.interval') },
    ],
  },
});
