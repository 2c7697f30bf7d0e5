import { defineCommand } from '../../command.js';
import { outOptions } from '../../options/out.js';
import { submittedOutputs } from '../../run/open-outputs.js';
import { kubernetesOptions, readKubernetesValues } from '../../options/kubernetes.js';

export const k8sRender = defineCommand({
  usage: 'k8s render',
  about: 'Print the resources of a run or a service for Kubernetes, without applying them',
  options: {
    ...kubernetesOptions,
    ...outOptions,
    mode: {
      choices: ['job', 'service'],
      requiresArg: true,
      group: 'Kubernetes:',
      describe: 'job: one run. service: a master that executes submitted runs',
      defaultDescription: 'job',
    },
  },
  examples: [
    [
      '--name checkout --workers 10 --image registry.example/drumline:0.1.0',
      'Ten workers, for one submission',
    ],
    [
      "--set-file 'scenario.files.scenario\\.ts=checkout.ts' | kubectl apply -f -",
      'Apply a run of a scenario',
    ],
    [
      "--mode service --out 'postgres=postgres://load:$(DB_PASSWORD)@db/load' --set outputs.secret=load-db",
      'A service that writes all runs to PostgreSQL, with a password from a Secret',
    ],
    ['--mode service --values team.yaml --set workers.cpu=4', 'A service, with values from a file'],
  ],
  run: async ({ mode, ...args }) => {
    const { renderYaml } = await import('@drumline/kubernetes');
    const out = await submittedOutputs(args);
    const values = await readKubernetesValues(args, {
      ...(mode !== undefined && { mode }),
      ...(out && { outputs: { out } }),
    });
    process.stdout.write(renderYaml(values));
  },
});
