import type { Fields } from '../values/schema.js';

/** The page of the chart, with all its values. */
export function chartReadme(fields: Fields): string {
  const rows = valueRows(fields, '').map(
    ([path, standard, about]) => `| \`${path}\` | \`${standard}\` | ${about.replaceAll('|', '\\|')} |`,
  );
  return `# Drumline

Runs a distributed load test in Kubernetes: a master and any number of workers, without an operator and without rights
on the Kubernetes API. It needs Kubernetes 1.29.

\`\`\`sh
drumline token --env | kubectl create secret generic drumline --from-env-file=/dev/stdin
helm install checkout k8s/chart --set image.repository=registry.example/drumline \\
  --set-file 'scenario.files.scenario\\.ts=checkout.ts' --set workers.count=10
kubectl logs -f job/drumline-checkout-master
\`\`\`

The release is the run: its name is in all names and labels, so that several runs share a namespace. A run whose
scenario has many files is submitted instead: leave out \`scenario.files\`, and see the notes that \`helm install\`
prints. \`mode: service\` installs a master that executes submitted runs until it is uninstalled.

\`helm test checkout\` calls the control API through the Service, while the master runs. More is in
docs/kubernetes.md.

## Values

| value | default | meaning |
| ----- | ------- | ------- |
${rows.join('\n')}
`;
}

function valueRows(
  fields: Fields,
  prefix: string,
): (readonly [path: string, standard: string, about: string])[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind === 'group'
      ? valueRows(field.fields, `${prefix}${name}.`)
      : [[`${prefix}${name}`, JSON.stringify(field.default), field.about] as const],
  );
}
