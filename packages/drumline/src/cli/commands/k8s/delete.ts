import { DrumlineError, type Millis } from '@drumline/model';
import { defineCommand } from '../../command.js';
import { findRun, findRuns, type KubernetesRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { endOf } from '../../k8s/pods.js';
import { removeRun } from '../../k8s/resources.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';
import { duration } from '../../options/values.js';

const LONGEST_MS: Millis = 366 * 24 * 3_600_000;

export const k8sDelete = defineCommand({
  usage: 'k8s delete [name]',
  about: 'Delete runs from Kubernetes, with their Jobs, Secrets and volumes',
  positionals: runNamePositional,
  options: {
    all: { type: 'boolean', default: false, flagOnly: true, describe: 'Delete all runs that have ended' },
    'older-than': duration(
      'older-than',
      { default: '0s', describe: 'With --all: only runs that were created before this time' },
      LONGEST_MS,
    ),
    force: { type: 'boolean', default: false, flagOnly: true, describe: 'Delete runs in progress, too' },
    ...kubectlOptions,
  },
  examples: [
    ['nightly', 'Delete a run that has ended'],
    ['--all --older-than 24h', 'Delete everything that ended runs left behind a day ago'],
  ],
  run: async ({ name, all, olderThan, force, ...place }) => {
    const kubectl = new Kubectl(place);
    const runs = all
      ? olderThanThat(await findRuns(kubectl), olderThan, force)
      : [await findRun(kubectl, name)];
    for (const run of runs) {
      if (!endOf(run.job) && !force)
        throw new DrumlineError(
          'request-invalid',
          `Run ${run.name} is in progress, or its master waits for a command that fetches its results.`,
          '`drumline k8s results` fetches them, `drumline k8s stop` ends either, and --force deletes it at once.',
        );
      await removeRun(kubectl, run.job.metadata.name);
      console.log(`Deleted run ${run.name}.`);
    }
    if (runs.length === 0) console.log('There is nothing to delete.');
  },
});

function olderThanThat(runs: readonly KubernetesRun[], ageMs: Millis, force: boolean): KubernetesRun[] {
  const before = Date.now() - ageMs;
  return runs.filter(
    ({ job }) => (force || endOf(job)) && Date.parse(job.metadata.creationTimestamp ?? '') <= before,
  );
}
