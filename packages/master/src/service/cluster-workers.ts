import { byId } from '@drumline/model';
import type { ClusterWorkerView } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import { Participant } from '../allocation/participant.js';
import type { Cluster } from '../cluster/cluster.js';
import type { LiveRun } from './control-plane.js';
import { workerView } from './views.js';

/** Every worker of the cluster. Those of a run are shown as in the run. */
export function clusterWorkers(
  { registry, terms }: Cluster,
  runOf: (runId: string) => LiveRun | undefined,
): ClusterWorkerView[] {
  const inRuns = new Map<string, ClusterWorkerView>();
  for (const { turn } of registry.members) {
    const run = runOf(turn.runId);
    for (const worker of run?.workers() ?? []) inRuns.set(worker.id, { ...worker, runId: turn.runId });
  }
  const nowMs = monotonicMs();
  return registry.members
    .filter(({ presence }) => presence.state !== 'left')
    .map((member): ClusterWorkerView => {
      const inRun = member.turn.runId === '' ? undefined : inRuns.get(member.id);
      if (inRun) return inRun;
      return { ...workerView(new Participant(member), nowMs, terms.heartbeatMs * 1.5), runId: null };
    })
    .sort(byId);
}
