import { Code } from '../code/code.js';
import {
  byLanguage,
  firstFit,
  group,
  hardLine,
  ifBroken,
  indent,
  join,
  line,
  type Doc,
} from '../code/doc.js';
import { plainQuote, propertyKey } from '../code/literal.js';
import type { Statement } from '../code/draft.js';
import type { Leaf } from './leaves.js';

/** A value of a response, and its name in the scenario. */
export interface Variable {
  readonly leaf: Leaf;
  /** Whether it is a field of the user's state; otherwise it is a constant of the task. */
  readonly inState: boolean;
  readonly name: string;
}

/** The expression for the value of the variable. */
export function codeOf({ inState, name }: Variable): Code {
  return inState ? new Code(`state.${name}`, ['state']) : new Code(name);
}

/** Statements that read variables from a response. @param into constant of the response */
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
    return assignJson(inState ? `state.${name}` : `const ${name}`, into, at, () => typeof value);
  }
  const fields = variables.map((variable) => ({
    ...variable,
    key: propertyKey(String(variable.leaf.at.at(-1))),
  }));
  const pattern = fields.map((field) =>
    field.key === field.name ? field.key : `${field.key}: ${field.name}`,
  );
  const types = fields.map(({ leaf: one }) => [typeKey(String(one.at.at(-1))), typeof one.value] as const);
  const left = ['const ', group(['{', indent([line, join([',', line], pattern)]), ifBroken(','), line, '}'])];
  return assignJson(left, into, at.slice(0, -1), (broken) => objectType(types, broken));
}

/** Renders a type, on several lines if `broken`. */
type TypeOf = (broken: boolean) => Doc;

/** `left = response.json<{ items: { id: number }[] }>().items[2]!.id` */
function assignJson(left: Doc, into: string, at: readonly (string | number)[], type: TypeOf): Doc {
  const read = (broken: boolean): Doc => [
    byLanguage(
      [`${into}.json<`, typeAt(at, type, broken), '>()'],
      ['/** @type {', typeAt(at, type, false), `} */ (${into}.json())`],
    ),
    ...at.map(accessDoc),
  ];
  // As in prettier: on one line, with the type broken, or on the next line.
  return [left, firstFit([' = ', read(false)], [' = ', read(true)], [' =', indent([hardLine, read(false)])])];
}

/** The type of JSON that has a value of the given type at a path. */
function typeAt([key, ...rest]: readonly (string | number)[], type: TypeOf, broken: boolean): Doc {
  if (key === undefined) return type(broken);
  if (typeof key === 'number') return [typeAt(rest, type, broken), '[]'];
  return objectType([[typeKey(key), typeAt(rest, type, false)]], broken);
}

/** A key of a type. In JavaScript, types are in comments, so `*\/` in a key is escaped. */
function typeKey(key: string): string {
  return propertyKey(key).replaceAll('*/', String.raw`*\/`);
}

function objectType(fields: readonly (readonly [key: string, type: Doc])[], broken: boolean): Doc {
  const docs = fields.map(([key, type]) => [key, ': ', type]);
  return group(['{', indent([line, join([';', line], docs)]), ifBroken(';'), line, '}'], { broken });
}

function accessDoc(key: string | number): Doc {
  if (typeof key === 'number') return byLanguage(`[${key}]!`, `[${key}]`);
  return propertyKey(key) === key ? `.${key}` : `[${plainQuote(key)}]`;
}
