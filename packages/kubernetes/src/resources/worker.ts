import { choose, noted, value, when, set, type Node } from '../tree/node.js';
import { inJobMode, inServiceMode } from './conditions.js';
import { metadata, nameOf, selectorLabels } from './names.js';
import { PORTS } from './master.js';
import { CREDENTIALS_PATH, fieldVariable, podTemplate, variable } from './pod.js';

const pod = podTemplate({
  component: 'worker',
  values: 'workers',
  credentials: { token: 'DRUMLINE_TOKEN' },
  args: ['worker'],
  env: [
    variable('DRUMLINE_TOKEN_FILE', `${CREDENTIALS_PATH}/token`),
    noted(
      'Only the name of the Service, so that Kustomize can change it.',
      variable('MASTER_SERVICE', nameOf('master')),
    ),
    variable('DRUMLINE_MASTER', `tcp://$(MASTER_SERVICE):${PORTS.control}`),
    when(inJobMode, [
      fieldVariable('INDEX', "metadata.annotations['batch.kubernetes.io/job-completion-index']"),
      variable('DRUMLINE_NAME', 'worker-$(INDEX)'),
      noted(
        'A worker that starts after the run ends after this time.',
        variable('DRUMLINE_CONNECT_TIMEOUT', value('workers.connectTimeout')),
      ),
    ]),
    when(inServiceMode, fieldVariable('DRUMLINE_NAME', 'metadata.name')),
    noted('One lane for each CPU of the limit.', {
      name: 'DRUMLINE_LANES',
      valueFrom: { resourceFieldRef: { containerName: 'worker', resource: 'limits.cpu', divisor: '1' } },
    }),
  ],
  pod: {
    topologySpreadConstraints: [
      noted(
        'Two workers on one node share its network card and disturb each other’s latencies, those of another run as well.',
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: choose(set('workers.oneNodeEach'), 'DoNotSchedule', 'ScheduleAnyway'),
          nodeTaintsPolicy: 'Honor',
          labelSelector: { matchLabels: ofAnyRun() },
        },
      ),
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        nodeTaintsPolicy: 'Honor',
        labelSelector: { matchLabels: ofAnyRun() },
      },
    ],
  },
});

function ofAnyRun() {
  const { 'app.kubernetes.io/instance': _, ...labels } = selectorLabels('worker');
  return labels;
}

const job: Node = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: metadata('worker', 'worker'),
  spec: {
    completionMode: 'Indexed',
    completions: noted(
      'To change the number during a run, change both: `drumline k8s scale`.',
      value('workers.count'),
    ),
    parallelism: value('workers.count'),
    backoffLimitPerIndex: noted(
      'A failed worker is replaced this often, without effect on the others.',
      value('workers.retries'),
    ),
    podReplacementPolicy: noted('The old pod has ended before the new one uses its name.', 'Failed'),
    podFailurePolicy: {
      rules: [
        noted('A drained node or an eviction is not a failure: the pod is replaced.', {
          action: 'Ignore',
          onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
        }),
        noted('Nor is a deleted pod: the worker hands over its users and exits with 143.', {
          action: 'Ignore',
          onExitCodes: { containerName: 'worker', operator: 'In', values: [143] },
        }),
        noted('Invalid options: a restart cannot help any worker.', {
          action: 'FailJob',
          onExitCodes: { containerName: 'worker', operator: 'In', values: [2] },
        }),
        noted('The master refused this worker: a restart cannot help it.', {
          action: 'FailIndex',
          onExitCodes: { containerName: 'worker', operator: 'In', values: [8] },
        }),
      ],
    },
    activeDeadlineSeconds: value('deadlineSeconds'),
    ttlSecondsAfterFinished: value('ttlSeconds'),
    template: pod,
  },
};

const deployment: Node = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata('worker', 'worker'),
  spec: {
    replicas: value('workers.count'),
    selector: { matchLabels: selectorLabels('worker') },
    template: pod,
  },
};

/** The workers: an Indexed Job for one run, a Deployment for a service. */
export const worker: Node = choose(
  inJobMode,
  noted(
    'All workers are one Indexed Job: each has a number that it keeps when its pod is replaced. They wait for the master, and complete when it dismisses them.',
    job,
  ),
  noted(
    'Workers of a service are alike, and none ever completes: a Deployment replaces a lost one at once, and `kubectl scale` or an autoscaler changes their number.',
    deployment,
  ),
);
