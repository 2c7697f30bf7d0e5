import { noted, type Node, type NodeMap } from '../tree/node.js';
import { yamlOf } from '../tree/yaml.js';
import type { Fields } from '../values/schema.js';
import { FIELDS } from '../values/values.js';

/** All values with their defaults, each with its description as a comment. */
export function valuesYaml(fields: Fields = FIELDS): string {
  return yamlOf(describedValues(fields));
}

function describedValues(fields: Fields): NodeMap {
  const entries = Object.entries(fields).map(([name, field]) => {
    const standard = field.kind === 'group' ? describedValues(field.fields) : (field.default as Node);
    return [name, noted(field.about, standard)] as const;
  });
  return Object.fromEntries(entries);
}
