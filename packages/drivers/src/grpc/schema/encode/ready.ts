import protobuf from 'protobufjs';
import type { FieldRule, MessageRules, ReadyTest } from './message-rules.js';
import { isLong } from './scalars.js';
import { isAnyJson } from './well-known.js';

/** Deeper messages are rejected, as by protobufjs. */
export const MAX_DEPTH = 100;

/**
 * Generates the test whether protobufjs can encode a message unchanged: all names known to
 * protobufjs, all values of the right type.
 *
 * The test runs for each call, so it does not throw, explain or copy (`normalise` does). It is
 * generated code, like the encoders of protobufjs. With names and types written out, it costs a
 * third of a loop over the rules.
 */
export function compileReadyTest({ type, fields, required, oneofs }: MessageRules): ReadyTest {
  const rules = [...fields.values()];
  const lines = rules.flatMap((field, index) => {
    const oneof = oneofs.findIndex(([, names]) => names.includes(field.name));
    return [
      `v = m[${JSON.stringify(field.name)}];`,
      `if (v !== undefined) { n++; ${field.takesNull ? 'if (v === null) return false;' : ''} if (v !== null) { ${oneof < 0 ? '' : `o${oneof}++;`} ${fieldTest(field, index)} } }`,
      required.includes(field.name) ? 'if (v == null) return false;' : '',
    ];
  });
  const body = `return (m, d) => {
    if (typeof m !== 'object' || m === null || d > ${MAX_DEPTH}) return false;
    ${isAnyJson(type) ? 'if (!(m instanceof Message)) return false;' : ''}
    let v, n = 0; ${oneofs.map((_, index) => `let o${index} = 0;`).join(' ')}
    ${lines.join('\n')}
    ${oneofs.map((_, index) => `if (o${index} > 1) return false;`).join(' ')}
    return n > 0 && Object.keys(m).length === n || hasOnly(m, fields);
  };`;
  // oxlint-disable-next-line typescript/no-implied-eval -- names are quoted, and protobufjs does the same with them
  const make = new Function('rules', 'fields', 'hasOnly', 'isLong', 'isMap', 'Message', body) as (
    ...given: unknown[]
  ) => ReadyTest;
  return make(rules, fields, hasOnly, isLong, isMap, protobuf.Message);
}

function fieldTest(field: FieldRule, index: number): string {
  const valueTest = (value: string): string =>
    field.scalar?.readyCode(value) ?? `rules[${index}].message.isReady(${value}, d + 1)`;
  if (field.shape === 'map') return `if (!isMap(v, rules[${index}], d)) return false;`;
  if (field.shape === 'one') return `if (!(${valueTest('v')})) return false;`;
  return `if (!Array.isArray(v)) return false; for (let i = 0; i < v.length; i++) { const e = v[i]; if (!(${valueTest('e')})) return false; }`;
}

/**
 * Whether all names of an object are known. A Date, a Map or the like has no names but is not a
 * message.
 */
function hasOnly(message: object, fields: ReadonlyMap<string, unknown>): boolean {
  const keys = Object.keys(message);
  return keys.length === 0 ? isEmptyMessage(message) : keys.every((key) => fields.has(key));
}

export function isEmptyMessage(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || value instanceof protobuf.Message;
}

function isMap(value: unknown, { isKey, scalar, message }: FieldRule, depth: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map)
    return false;
  return Object.entries(value).every(
    ([key, one]) =>
      isKey!(key) && (scalar === undefined ? message!.isReady(one, depth + 1) : scalar.isReady(one)),
  );
}
