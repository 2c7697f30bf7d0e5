import { randomBytes } from 'node:crypto';
import { DrumlineError } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import type { Kubectl } from './kubectl.js';
import type { Job, Pod } from './pods.js';

const LOOK_EVERY_MS = 500;
const ENDED = ['Succeeded', 'Failed'];

/**
 * Reads the result of a run from its volume, after its master has ended. A pod with the same image
 * and volume prints it and ends.
 * @throws DrumlineError `request-invalid` if there is none
 */
export async function readStoredResult(kubectl: Kubectl, job: Job, withinMs: number): Promise<RunResult> {
  const pod = readerOf(job);
  const { name } = pod.metadata;
  await kubectl.run(['create', '-f', '-'], JSON.stringify(pod));
  try {
    const phase = await endedPhase(kubectl, name, withinMs);
    const printed = await kubectl.run(['logs', name]);
    if (phase === 'Succeeded') return JSON.parse(printed) as RunResult;
    throw new DrumlineError(
      'request-invalid',
      `The result cannot be read from the volume: ${printed.trim()}`,
    );
  } finally {
    await kubectl.run(['delete', 'pod', name, '--ignore-not-found', '--wait=false']);
  }
}

async function endedPhase(kubectl: Kubectl, name: string, withinMs: number): Promise<string> {
  const until = Date.now() + withinMs;
  for (;;) {
    const { status } = await kubectl.read<Pod>(['get', 'pod', name]);
    const { phase = 'Pending' } = status ?? {};
    if (ENDED.includes(phase)) return phase;
    if (Date.now() > until)
      throw new DrumlineError(
        'request-invalid',
        `The pod that reads the volume did not start in time: it is ${phase}.`,
        'Its volume may be on a node that has no room.',
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The pod of a master, with another command. It belongs to the Job. */
function readerOf({ metadata, spec }: Job) {
  const { containers = [], ...pod } = spec?.template?.spec ?? {};
  const [master] = containers;
  const { env = [], ...container } = master ?? { name: 'master' };
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: metadata.name, uid: metadata.uid };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${metadata.name}-reader-${randomBytes(3).toString('hex')}`,
      labels: { 'app.kubernetes.io/name': 'drumline', 'app.kubernetes.io/component': 'reader' },
      ownerReferences: [owner],
    },
    spec: {
      ...pod,
      restartPolicy: 'Never',
      containers: [
        {
          ...container,
          args: ['report', 'latest', '--json', '-'],
          env: [
            { name: 'JOB', value: metadata.uid },
            ...env.filter(({ name }) => name === 'DRUMLINE_DATA_DIR'),
          ],
        },
      ],
    },
  };
}
