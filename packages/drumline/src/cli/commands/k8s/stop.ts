import { DrumlineError } from '@drumline/model';
import { defineCommand } from '../../command.js';
import { callMasterOf, findRun } from '../../k8s/find-run.js';
import { Kubectl } from '../../k8s/kubectl.js';
import { endOf } from '../../k8s/pods.js';
import { kubectlOptions, runNamePositional } from '../../options/kubectl.js';

export const k8sStop = defineCommand({
  usage: 'k8s stop [name]',
  about: 'Stop a run in Kubernetes gracefully: running tasks finish and everything is counted',
  positionals: runNamePositional,
  options: {
    now: {
      type: 'boolean',
      default: false,
      flagOnly: true,
      describe: 'End it at once, with what has been counted',
    },
    ...kubectlOptions,
  },
  examples: [
    ['nightly', 'Stop a run; its results can be fetched'],
    ['nightly --now', 'End it at once'],
  ],
  run: async ({ name, now, ...place }) => {
    const kubectl = new Kubectl(place);
    const run = await findRun(kubectl, name);
    if (endOf(run.job)) throw new DrumlineError('request-invalid', `Run ${run.name} has ended.`);
    await callMasterOf(kubectl, run, async (master) => {
      const { runs } = await master.runs({ state: ['active'] });
      const [active] = runs;
      // Without a submission there is nothing to stop but the master.
      const { message } = active
        ? await master.run(active.runId)[now ? 'cancel' : 'stop']()
        : await master.finish();
      console.log(message);
    });
    console.log(
      `\`drumline k8s results ${run.name}\` fetches its results, \`drumline k8s delete ${run.name}\` removes it.`,
    );
  },
});
