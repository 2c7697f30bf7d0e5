import { formatDuration } from '@drumline/model';
import { columns } from '../../columns.js';
import { defineCommand } from '../../command.js';
import { callMasterOf, findRun, findRuns, type KubernetesRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { endOf, VERDICT } from '../../k8s/pods.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';

export const k8sStatus = defineCommand({
  usage: 'k8s status [name]',
  about: 'Show the runs in Kubernetes, or one of them with its pods and what they wait for',
  positionals: { name: { ...runNamePositional.name, describe: 'Name of a run; by default all are listed' } },
  options: kubectlOptions,
  examples: [
    ['', 'List the runs of the namespace'],
    ['nightly', 'Show the state of one run'],
  ],
  run: async ({ name, ...place }) => {
    const kubectl = new Kubectl(place);
    if (name === undefined) return console.log(await listed(await findRuns(kubectl)));
    const run = await findRun(kubectl, name);
    console.log(await listed([run]));
    if ((await run.pods.master()) === undefined) return;
    await callMasterOf(kubectl, run, async (master) => {
      const { runs } = await master.runs({ limit: 1 });
      if (!runs[0]) return console.log('It waits for a submission.');
      const called = master.run(runs[0].runId);
      const { state, users, plannedUsers, elapsedMs, workers } = await called.status();
      const totals = await called.totals();
      console.log(
        `${runs[0].scenario} is ${state}, for ${formatDuration(Math.round(elapsedMs / 1_000) * 1_000)}: ${users} of ${plannedUsers} users on ${workers.connected} workers, ${totals.requests} requests, ${totals.failures} failures.`,
      );
    });
  },
});

async function listed(runs: readonly KubernetesRun[]): Promise<string> {
  if (runs.length === 0) return 'There are no runs in this namespace.';
  const rows: string[][] = [['NAME', 'STATE', 'VERDICT', 'WORKERS', 'AGE']];
  for (const { name, job, pods } of runs) {
    const end = endOf(job);
    const ageMs = Date.now() - Date.parse(job.metadata.creationTimestamp ?? '');
    const ready = end ? '' : String(await pods.ready('worker'));
    const state = end
      ? end.type === 'Complete'
        ? 'passed'
        : 'failed'
      : (job.status?.ready ?? 0) > 0
        ? 'running'
        : 'waiting';
    rows.push([
      name,
      state,
      job.metadata.labels?.[VERDICT] ?? '',
      ready,
      formatDuration(Math.round(ageMs / 1_000) * 1_000),
    ]);
  }
  return columns(rows);
}
