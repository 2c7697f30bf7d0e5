import { expect, test } from '@jest/globals';
import type { KubernetesEvent, Pod } from './pods.js';
import { whyWaiting } from './waiting.js';

function pod(name: string, component: string, status: NonNullable<Pod['status']>): Pod {
  const labels = { 'app.kubernetes.io/component': component };
  return { metadata: { name, uid: `uid-${name}`, labels }, status };
}

const waiting = (reason: string, message?: string): NonNullable<Pod['status']> => ({
  phase: 'Pending',
  containerStatuses: [
    { ready: false, state: { waiting: { reason, ...(message !== undefined && { message }) } } },
  ],
});
const unschedulable: NonNullable<Pod['status']> = {
  phase: 'Pending',
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available:\n3 Insufficient cpu.',
    },
  ],
};
const running: NonNullable<Pod['status']> = {
  phase: 'Running',
  containerStatuses: [{ ready: true, state: { running: {} } }],
};
const warning = (kind: string, name: string, reason: string, message: string): KubernetesEvent => ({
  type: 'Warning',
  reason,
  message,
  involvedObject: { kind, name, uid: `uid-${name}` },
});

test('pods that are ready, or on their way, wait for nothing', () => {
  expect(
    whyWaiting([pod('m', 'master', running), pod('w', 'worker', waiting('ContainerCreating'))], []),
  ).toEqual([]);
  // A warning of the time before it was ready.
  const old = warning('Pod', 'm', 'FailedMount', 'secret "x" not found');
  expect(whyWaiting([pod('m', 'master', running)], [old])).toEqual([]);
});

test('the same reason of several workers is one entry, and a back-off is not another one', () => {
  const failed = 'failed to resolve reference "drumline:1": no such host';
  const pods = [
    pod(
      'm',
      'master',
      waiting('ImagePullBackOff', `Back-off pulling image "drumline:1": ErrImagePull: ${failed}`),
    ),
    pod('w0', 'worker', unschedulable),
    pod('w1', 'worker', unschedulable),
    pod('w2', 'worker', waiting('CreateContainerConfigError', 'secret "key" not found')),
  ];
  expect(textsOf(pods)).toEqual([
    `the master: its image cannot be pulled: ${failed}`,
    '2 workers: cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu.',
    'the worker: does not start (CreateContainerConfigError): secret "key" not found',
  ]);
});

test('pods that were killed at their memory limit are named, others that have ended are not', () => {
  const ended = (reason: string) => ({
    containerStatuses: [{ ready: false, state: { terminated: { exitCode: 137, reason } } }],
  });
  const pods = [pod('m', 'master', ended('Error')), pod('w0', 'worker', ended('OOMKilled'))];
  expect(textsOf(pods)).toEqual(['the worker: was killed because it exceeded its memory limit']);
});

test('events tell what the pods do not: a missing volume, a quota', () => {
  const quota = (name: string) =>
    warning(
      'Job',
      'drumline-x-worker',
      'FailedCreate',
      `Error creating: pods "${name}" is forbidden: exceeded quota: small`,
    );
  const events = [
    warning('Pod', 'm', 'FailedMount', 'MountVolume.SetUp failed: secret "key" not found'),
    quota('w-0-abc'),
    quota('w-0-def'),
  ];
  expect(textsOf([pod('m', 'master', waiting('ContainerCreating'))], events)).toEqual([
    'the master: does not start (FailedMount): MountVolume.SetUp failed: secret "key" not found',
    'the worker: cannot be created: forbidden: exceeded quota: small',
  ]);
});

function textsOf(pods: readonly Pod[], events: readonly KubernetesEvent[] = []): string[] {
  return whyWaiting(pods, events).map(({ text }) => text);
}
