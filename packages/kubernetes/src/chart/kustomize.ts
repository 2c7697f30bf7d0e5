import { documents, renderFiles } from '../render.js';
import { yamlOf } from '../tree/yaml.js';
import { parseValues } from '../values/parse.js';

const GENERATED = '# Written by `npm run k8s`. Do not edit: write an overlay, as k8s/overlays/example.\n';

/** The files of the Kustomize bases, by path, apart from the scenario. */
export function kustomizeFiles(): Readonly<Record<string, string>> {
  return {
    ...baseFiles('base', { scenario: { configMap: 'drumline-scenario' } }, SCENARIO),
    ...baseFiles('service', { mode: 'service' }, {}),
  };
}

/** The only place that needs the scenario: workers get it from the master. */
const SCENARIO = { configMapGenerator: [{ name: 'drumline-scenario', files: ['scenario.ts'] }] };

/** These fields contain the name of a Service. Kustomize adds its prefixes and suffixes to them. */
const NAMES = {
  nameReference: [
    {
      kind: 'Service',
      version: 'v1',
      fieldSpecs: ['Job', 'Deployment'].map((kind) => ({
        kind,
        path: 'spec/template/spec/containers/env/value',
      })),
    },
  ],
};

function baseFiles(folder: string, values: object, more: object): Record<string, string> {
  const files = Object.entries(renderFiles(parseValues(values), 'Kustomize')).map(
    ([name, nodes]) => [`${name}.yaml`, documents(nodes)] as const,
  );
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: files.map(([name]) => name),
    ...more,
    configurations: ['names.yaml'],
    labels: [
      {
        pairs: {
          'app.kubernetes.io/name': 'drumline',
          'app.kubernetes.io/instance': 'drumline',
          'app.kubernetes.io/part-of': 'drumline',
        },
      },
    ],
  };
  const all = [
    ...files,
    ['kustomization.yaml', yamlOf(kustomization)],
    ['names.yaml', yamlOf(NAMES)],
  ] as const;
  return Object.fromEntries(all.map(([name, content]) => [`${folder}/${name}`, `${GENERATED}${content}`]));
}
