import { defineCommand, type Command } from '../../command.js';
import { runOnKubernetes } from '../../k8s/run-on-kubernetes.js';
import { kubectlOptions } from '../../options/kubectl.js';
import { kubernetesOptions } from '../../options/kubernetes.js';
import { givenOptions } from '../../options/given.js';
import { masterOptions, runOptionsOf } from '../../options/master.js';
import { outOptions } from '../../options/out.js';
import { outputOptions } from '../../options/outputs.js';
import { planOptions } from '../../options/plan.js';
import { requireScenario, scenarioPositional } from '../../options/scenario.js';
import { secretOptions } from '../../options/secrets.js';
import { duration } from '../../options/values.js';
import { workersOption } from '../../options/workers.js';
import { planOutputs } from '../../run/outputs.js';

const group = 'Kubernetes:';
const {
  'on-worker-lost': onWorkerLost,
  'keep-going': keepGoing,
  force,
  'quantiles-every': quantiles,
  untrusted,
} = masterOptions;

export const k8sRun: Command = defineCommand({
  usage: 'k8s run [scenario]',
  about: 'Run a scenario in Kubernetes: create master and workers, show the run, fetch its results',
  positionals: scenarioPositional,
  options: {
    ...planOptions,
    ...secretOptions,
    ...kubernetesOptions,
    ...kubectlOptions,
    name: { ...kubernetesOptions.name, defaultDescription: 'the scenario and five characters' },
    workers: workersOption,
    'start-within': duration('start-within', {
      group,
      default: '5m',
      describe: 'How long to wait for the pod of the master',
    }),
    keep: {
      type: 'boolean',
      default: false,
      group,
      describe: 'Keep the Jobs and the volume after the run, for a day (ttlSeconds)',
    },
    detach: {
      type: 'boolean',
      default: false,
      group,
      describe: 'Exit once the run is submitted; `drumline k8s results` fetches its results',
    },
    ...outputOptions,
    ...outOptions,
    'on-worker-lost': onWorkerLost,
    'keep-going': keepGoing,
    force,
    'quantiles-every': quantiles,
    untrusted,
  },
  examples: [
    ['shop.ts --workers 4', 'Run with four workers, and leave nothing behind'],
    ['shop.ts --workers auto:2..20 -u 20000', 'Take as many workers as the load needs'],
    ['shop.ts --image registry.example/drumline:0.1.0 -n load', 'Use an image and a namespace of yours'],
    ['shop.ts --name nightly --detach', 'Start a run, and fetch its results later'],
    ['shop.ts --set workers.cpu=4 --keep', 'Change any value of the resources, and keep them'],
  ],
  run: async (args, written) => {
    const scenario = requireScenario(args.scenario, 'k8s run');
    return await runOnKubernetes(args, {
      scenario,
      outputs: args.detach ? {} : planOutputs(args, scenario, new Date()),
      options: { ...runOptionsOf(args), given: givenOptions(k8sRun.options, written) },
    });
  },
});
