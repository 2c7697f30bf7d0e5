import { closest, DrumlineError } from '@drumline/model';
import type { MasterClient } from '@drumline/client';
import { callApi } from '../options/client.js';
import type { Kubectl } from './kubectl.js';
import { endOf, INSTANCE, selectorOf, type Job, type ListOf } from './pods.js';
import { PortForward } from './port-forward.js';
import { readToken } from './resources.js';
import { RunPods } from './watch-pods.js';

const MASTER_WITHIN_MS = 60_000;

/** A run that has a Job in Kubernetes. */
export interface KubernetesRun {
  readonly name: string;
  readonly job: Job;
  readonly pods: RunPods;
}

/** The runs of a namespace, the newest first. */
export async function findRuns(kubectl: Kubectl, name?: string): Promise<KubernetesRun[]> {
  const { items } = await kubectl.read<ListOf<Job>>([
    'get',
    'jobs',
    '--selector',
    selectorOf(name, 'master'),
  ]);
  const print = (line: string): void => console.error(line);
  return items
    .map((job) => {
      const instance = job.metadata.labels?.[INSTANCE] ?? job.metadata.name;
      return { name: instance, job, pods: new RunPods(kubectl, instance, print) };
    })
    .toSorted((a, b) => createdOf(b).localeCompare(createdOf(a)));
}

/**
 * The run that a command is about.
 * @param name by default the only run of the namespace, or the only one in progress
 * @throws DrumlineError `usage`
 */
export async function findRun(kubectl: Kubectl, name: string | undefined): Promise<KubernetesRun> {
  const all = await findRuns(kubectl);
  const named = all.filter((run) => run.name === name);
  const active = all.filter(({ job }) => !endOf(job));
  const found = name === undefined ? (all.length === 1 ? all : active) : named;
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = all.map((run) => run.name);
  const near = name === undefined ? undefined : closest(name, names);
  throw new DrumlineError(
    'usage',
    name === undefined
      ? found.length === 0
        ? 'there is no run in this namespace'
        : `there are several runs: ${names.join(', ')}`
      : `there is no run named '${name}' in this namespace`,
    near === undefined
      ? found.length > 1
        ? 'Name one of them.'
        : '`drumline k8s status` lists the runs. Choose another namespace with --namespace.'
      : `Did you mean ${near}?`,
  );
}

/** Calls the control API of the master of a run. @throws DrumlineError if its pod does not run */
export async function callMasterOf<T>(
  kubectl: Kubectl,
  { job, pods }: KubernetesRun,
  call: (master: MasterClient) => Promise<T>,
): Promise<T> {
  const token = await readToken(kubectl, credentialsOf(job));
  // It may be on its way to another node.
  await pods.masterReady(job.metadata.name, MASTER_WITHIN_MS);
  await using forward = await PortForward.open(kubectl, pods.forwarded());
  return await callApi({ url: forward.url, token }, call);
}

/** The Secret of a run, which the pod of its master mounts. */
function credentialsOf({ spec, metadata }: Job): string {
  const volumes = spec?.template?.spec?.volumes ?? [];
  const secret = volumes.find(({ name }) => name === 'credentials')?.secret?.secretName;
  if (secret !== undefined) return secret;
  throw new DrumlineError('usage', `the Job ${metadata.name} has no credentials of a master of Drumline`);
}

function createdOf({ job }: KubernetesRun): string {
  return job.metadata.creationTimestamp ?? '';
}
