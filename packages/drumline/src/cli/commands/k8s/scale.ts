import { EXIT_CODES, MAX_WORKERS } from '@drumline/model';
import { defineCommand } from '../../command.js';
import { findRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { endOf, selectorOf, type Job, type ListOf } from '../../k8s/pods.js';
import { patch } from '../../k8s/resources.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';
import { duration, optionError, wholeNumber } from '../../options/values.js';

export const k8sScale = defineCommand({
  usage: 'k8s scale [name]',
  about: 'Change the number of workers of a run in Kubernetes; its load is placed anew',
  positionals: runNamePositional,
  options: {
    workers: wholeNumber('workers', 1, { describe: 'New number of workers; required' }, MAX_WORKERS),
    wait: duration('wait', { default: '5m', describe: 'How long to wait for new workers; 0 does not wait' }),
    ...kubectlOptions,
  },
  examples: [
    ['--workers 6', 'Six workers for the only run'],
    ['nightly --workers 2', 'Two: the others hand over their users, and end'],
  ],
  run: async ({ name, workers, wait, ...place }) => {
    if (workers === undefined) throw optionError('workers', 'the new number of workers is required');
    const kubectl = new Kubectl(place);
    const run = await findRun(kubectl, name);
    const job = run.job.metadata.name.replace(/-master$/, '-worker');
    // The Job of the workers is elastic only if both change together.
    await patch(kubectl, job, { completions: workers, parallelism: workers });
    const before = await run.pods.ready('worker');
    console.log(`Run ${run.name} has ${before} workers, and gets ${workers}.`);
    if (wait === 0) return 0;
    const after = await run.pods.workersAre(workers, AbortSignal.timeout(wait), async () => {
      const { items } = await kubectl.read<ListOf<Job>>([
        'get',
        'jobs',
        '--selector',
        selectorOf(run.name, 'worker'),
      ]);
      return items.every((workersJob) => endOf(workersJob) !== undefined);
    });
    console.log(
      after === workers ? `All ${workers} workers are ready.` : `${after} of ${workers} workers are ready.`,
    );
    return after === workers ? 0 : EXIT_CODES['workers-never-came'].exitCode;
  },
});
