import { RESOURCES } from '../resources/all.js';
import { testPod } from '../resources/test.js';
import { helmTemplate } from '../tree/helm.js';
import { yamlOf } from '../tree/yaml.js';
import { jsonSchemaOf } from '../values/json-schema.js';
import { FIELDS } from '../values/values.js';
import { readVersion } from '../version.js';
import { HELPERS, NOTES, RULES_TEMPLATE } from './helpers.js';
import { chartReadme } from './readme.js';
import { valuesYaml } from './values-yaml.js';

/** The files of the Helm chart, by path. */
export function chartFiles(): Readonly<Record<string, string>> {
  const { namespace: _, ...others } = FIELDS;
  const fields = { ...others, name: { ...FIELDS.name, default: '' } };
  const templates = Object.entries(RESOURCES).map(([name, nodes]) => [
    `templates/${name}.yaml`,
    nodes.map(helmTemplate).join('---\n'),
  ]);
  return {
    'Chart.yaml': yamlOf(chart(readVersion())),
    'README.md': chartReadme(fields),
    'values.yaml': valuesYaml(fields),
    'values.schema.json': `${JSON.stringify(schemaOf(fields), null, 2)}\n`,
    'templates/_helpers.tpl': HELPERS,
    'templates/NOTES.txt': NOTES,
    'templates/rules.yaml': RULES_TEMPLATE,
    'templates/tests/master.yaml': helmTemplate(testPod),
    ...(Object.fromEntries(templates) as Record<string, string>),
  };
}

function chart(version: string) {
  return {
    apiVersion: 'v2',
    name: 'drumline',
    description: 'Distributed load testing in TypeScript',
    type: 'application',
    version,
    appVersion: version,
    kubeVersion: '>=1.29.0-0',
    keywords: ['load-testing', 'performance'],
  };
}

function schemaOf(fields: Parameters<typeof jsonSchemaOf>[0]): Record<string, unknown> {
  const { properties, ...rest } = jsonSchemaOf(fields);
  // Helm gives every chart that is a dependency the global values.
  const withGlobal = { ...(properties as object), global: { type: 'object' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of Drumline',
    ...rest,
    properties: withGlobal,
  };
}
