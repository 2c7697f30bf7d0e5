import { defineCommand } from '../../command.js';
import { findRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { selectorOf } from '../../k8s/pods.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';

export const k8sLogs = defineCommand({
  usage: 'k8s logs [name]',
  about: 'Print the log of the master of a run in Kubernetes, or of its workers',
  positionals: runNamePositional,
  options: {
    follow: { alias: 'f', type: 'boolean', default: false, describe: 'Continue until the pods end' },
    workers: { type: 'boolean', flagOnly: true, default: false, describe: 'Print the logs of the workers' },
    ...kubectlOptions,
  },
  examples: [
    ['', 'Print the log of the master of the only run'],
    ['nightly --workers --follow', 'Follow the logs of all workers'],
  ],
  run: async ({ name, follow, workers, ...place }) => {
    const kubectl = new Kubectl(place);
    const run = await findRun(kubectl, name);
    const which = workers
      ? ['--selector', selectorOf(run.name, 'worker'), '--prefix', '--tail=-1', '--max-log-requests=100']
      : [`job/${run.job.metadata.name}`];
    return await kubectl.show(['logs', ...which, ...(follow ? ['--follow'] : [])]);
  },
});
