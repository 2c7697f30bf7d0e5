import { DrumlineError } from '@drumline/model';
import type { KubernetesValues, Resource } from '@drumline/kubernetes';
import { MasterKey } from '@drumline/wire/security';
import { CREDENTIAL_VARIABLES } from '../credentials/read.js';
import type { Kubectl } from './kubectl.js';
import { endOf, type Job } from './pods.js';

/** The Secret that values name by default. */
const DEFAULT_SECRET = 'drumline';

/** The resources of a run that were created, and the token of its control API. */
export interface CreatedRun {
  readonly name: string;
  /** Name of the master's Job. */
  readonly master: string;
  readonly token: string;
}

/**
 * Creates the resources of a run. All others belong to the Job of its master: when that is deleted,
 * also by its time to live, Kubernetes deletes them.
 * @throws DrumlineError `request-invalid` if a run of that name is in progress
 */
export async function createRun(kubectl: Kubectl, given: KubernetesValues): Promise<CreatedRun> {
  const { namesOf, renderManifests } = await import('@drumline/kubernetes');
  const names = namesOf(given);
  const own = given.secret === DEFAULT_SECRET ? MasterKey.generate() : undefined;
  const values = own ? { ...given, secret: names.master.replace(/-master$/, '-key') } : given;
  const token = own?.apiToken.text ?? (await readToken(kubectl, values.secret));
  await makeRoom(kubectl, given.name, names.master);
  const resources = renderManifests(values);
  const job = resources.find(({ kind, metadata }) => kind === 'Job' && metadata.name === names.master)!;
  const others = [...(own ? [secretOf(own, values, job)] : []), ...resources.filter((one) => one !== job)];
  // Suspended, so that its pod finds everything that it needs.
  const suspended = { ...job, spec: { ...(job['spec'] as object), suspend: true } };
  const { metadata } = await kubectl.read<Job>(['create', '-f', '-'], JSON.stringify(suspended));
  try {
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: metadata.name, uid: metadata.uid };
    const owned = others.map((one) => ({ ...one, metadata: { ...one.metadata, ownerReferences: [owner] } }));
    const workers = owned.find(({ kind }) => kind === 'Job');
    const items = owned.filter((one) => one !== workers);
    await kubectl.run(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await patch(kubectl, names.master, { suspend: false });
    // After the master, which needs its share of a quota first.
    await kubectl.run(['create', '-f', '-'], JSON.stringify(workers));
  } catch (error) {
    await removeRun(kubectl, names.master).catch(() => {});
    throw error;
  }
  return { name: given.name, master: names.master, token };
}

/** Deletes the master's Job and everything that belongs to it. Waits for its pod to end. */
export async function removeRun(kubectl: Kubectl, master: string): Promise<void> {
  await kubectl.run(['delete', 'job', master, '--ignore-not-found', '--cascade=foreground']);
}

/** Changes fields of a Job. */
export async function patch(kubectl: Kubectl, job: string, spec: object): Promise<void> {
  await kubectl.run(['patch', 'job', job, '--patch', JSON.stringify({ spec })]);
}

/** @throws DrumlineError `usage` if the Secret does not have the token */
export async function readToken(kubectl: Kubectl, secret: string): Promise<string> {
  const { data = {} } = await kubectl.read<{ data?: Record<string, string> }>(['get', 'secret', secret]);
  const encoded = data[CREDENTIAL_VARIABLES.api];
  if (encoded !== undefined) return Buffer.from(encoded, 'base64').toString('utf8').trim();
  throw new DrumlineError(
    'usage',
    `the Secret ${secret} has no ${CREDENTIAL_VARIABLES.api}`,
    'Create it from the output of `drumline token --env`.',
  );
}

/** Removes a run of the same name that has ended. */
async function makeRoom(kubectl: Kubectl, name: string, master: string): Promise<void> {
  const { items } = await kubectl.read<{ items: Job[] }>([
    'get',
    'jobs',
    '--field-selector',
    `metadata.name=${master}`,
  ]);
  const [former] = items;
  if (!former) return;
  if (!endOf(former))
    throw new DrumlineError(
      'request-invalid',
      `A run named ${name} is in progress.`,
      `Choose another --name, or end it: \`drumline k8s stop ${name}\`.`,
    );
  await removeRun(kubectl, master);
}

function secretOf(key: MasterKey, { secret }: KubernetesValues, { metadata }: Resource): Resource {
  const { labels, namespace } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret, ...(namespace !== undefined && { namespace }), labels },
    stringData: {
      [CREDENTIAL_VARIABLES.key]: key.text,
      [CREDENTIAL_VARIABLES.token]: key.workerToken.text,
      [CREDENTIAL_VARIABLES.api]: key.apiToken.text,
    },
  };
}
