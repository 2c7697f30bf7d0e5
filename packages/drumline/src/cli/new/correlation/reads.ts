import { Code } from '../code/code.js';
import { group, ifBroken, indent, join, line, type Doc } from '../code/doc.js';
import { propertyKey } from '../code/literal.js';
import type { Statement } from '../draft.js';
import type { Leaf } from './leaves.js';

/** A value of a response with the name that the scenario gives it. */
export interface Variable {
  readonly leaf: Leaf;
  /** A field of the user's state, or a constant of the task. */
  readonly inState: boolean;
  readonly name: string;
}

/** How the scenario says the variable. */
export function codeOf({ inState, name }: Variable): Code {
  return inState ? new Code(`state.${name}`, ['state']) : new Code(name);
}

/** The statements that read variables from the response in the constant `into`. */
export function readStatements(into: string, variables: readonly Variable[]): Statement[] {
  const together = new Map<string, Variable[]>();
  for (const variable of variables) {
    const { at } = variable.leaf;
    const fields = typeof at !== 'string' && !variable.inState && typeof at.at(-1) === 'string';
    const key = fields ? JSON.stringify(at.slice(0, -1)) : variable.name;
    together.set(key, [...(together.get(key) ?? []), variable]);
  }
  return [...together.values()].map((ones) => ({
    kind: 'code',
    doc: readDoc(into, ones),
    uses: ones.some(({ inState }) => inState) ? ['state'] : [],
  }));
}

function readDoc(into: string, variables: readonly Variable[]): Doc {
  const { inState, name, leaf } = variables[0]!;
  const { at, value } = leaf;
  if (typeof at === 'string') {
    const found = `/${at}/.exec(${into}.text())`;
    const [left, right] = inState
      ? [`state.${name} =`, `${found}?.[1] ?? ''`]
      : [`const [, ${name} = ''] =`, `${found} ?? []`];
    return group([left, indent([line, right])]);
  }
  if (inState || typeof at.at(-1) !== 'string') {
    const left = inState ? `state.${name}` : `const ${name}`;
    return [`${left} = `, jsonDoc(into, at, typeof value)];
  }
  const fields = variables.map((variable) => ({
    ...variable,
    key: propertyKey(String(variable.leaf.at.at(-1))),
  }));
  const pattern = fields.map((field) =>
    field.key === field.name ? field.key : `${field.key}: ${field.name}`,
  );
  const type = objectType(fields.map((field) => [field.key, typeof field.leaf.value]));
  return [
    'const ',
    group(['{', indent([line, join([',', line], pattern)]), ifBroken(','), line, '} = ']),
    jsonDoc(into, at.slice(0, -1), type),
  ];
}

/** `response.json<{ items: { id: number }[] }>().items[2]!.id` */
function jsonDoc(into: string, at: readonly (string | number)[], type: Doc): Doc {
  const whole = at.reduceRight<Doc>(
    (inner, key) => (typeof key === 'number' ? [inner, '[]'] : objectType([[propertyKey(key), inner]])),
    type,
  );
  return [`${into}.json<`, whole, '>()', ...at.map(accessText)];
}

function objectType(fields: readonly (readonly [key: string, type: Doc])[]): Doc {
  const docs = fields.map(([key, type]) => [key, ': ', type]);
  return group(['{', indent([line, join([';', line], docs)]), ifBroken(';'), line, '}']);
}

function accessText(key: string | number): string {
  if (typeof key === 'number') return `[${key}]!`;
  const name = propertyKey(key);
  return name === key ? `.${name}` : `[${name}]`;
}
