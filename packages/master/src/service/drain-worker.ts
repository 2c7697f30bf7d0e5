import { closest, RequestError } from '@drumline/model';
import type { Cluster } from '../cluster/cluster.js';
import { isPresent, NO_RUN } from '../cluster/member.js';

/** The workers that can be drained. */
export type DrainedCluster = Pick<Cluster, 'drain'> & {
  readonly registry: Pick<Cluster['registry'], 'members'>;
};

/**
 * Orders a worker to leave the cluster.
 * @param name its name or id
 * @returns what happens, in one sentence
 * @throws RequestError `worker-unknown`
 */
export function drainWorker(cluster: DrainedCluster, name: string): string {
  const workers = cluster.registry.members.filter(({ presence }) => presence.state !== 'left');
  const named = workers.filter(({ id, hello }) => id === name || hello.name === name);
  const worker = named.find(isPresent) ?? named[0];
  if (!worker)
    throw new RequestError(
      'worker-unknown',
      `the cluster has no worker '${name}'`,
      hintFor(
        name,
        workers.map(({ id }) => id),
      ),
    );
  const { id, isLeaving, turn } = worker;
  if (isLeaving) return `Worker ${id} is leaving already.`;
  cluster.drain(worker);
  if (!isPresent(worker)) return `Worker ${id} does not answer at present. It leaves when it does.`;
  if (turn.runId === NO_RUN) return `Worker ${id} leaves: it has no run.`;
  return `Worker ${id} leaves: its users move to other workers, and running tasks finish.`;
}

function hintFor(name: string, names: readonly string[]): string {
  const near = closest(name, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  return names.length === 0 ? 'No worker is connected.' : 'See `drumline workers`.';
}
