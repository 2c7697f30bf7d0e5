import { defineCommand } from '../../command.js';

export const k8sValues = defineCommand({
  usage: 'k8s values',
  about: 'Print all values for Kubernetes with their defaults, as a YAML file to change',
  options: {},
  examples: [['> values.yaml', 'Write the file that `drumline k8s render --values` reads']],
  run: async () => {
    const { valuesYaml } = await import('@drumline/kubernetes');
    process.stdout.write(valuesYaml());
  },
});
