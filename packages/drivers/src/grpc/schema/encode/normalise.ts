import { closest } from '@drumline/model';
import { isEmptyMessage, MAX_DEPTH } from './ready.js';
import type { FieldRule, MessageRules } from './message-rules.js';
import { extensionName } from './rules.js';
import { fromWellKnown } from './well-known.js';

/**
 * Converts a message to the form that protobufjs encodes: names in camel case, enum names as
 * numbers, strings and bigints as 64-bit numbers, dates as timestamps.
 * @param problems receives every problem with its path: `ids[3]: expected a string, not 5`
 */
export function normalise(
  message: unknown,
  rules: MessageRules,
  problems: string[],
  path = '',
  depth = 0,
): object {
  const wellKnown = fromWellKnown(message, rules.type, path, problems);
  if (wellKnown !== undefined) return wellKnown;
  if (!isRecord(message)) {
    problems.push(`${at(path)}expected an object (${rules.type.fullName.slice(1)}), not ${show(message)}`);
    return {};
  }
  if (depth > MAX_DEPTH) {
    problems.push(`${at(path)}messages are nested deeper than ${MAX_DEPTH}`);
    return {};
  }
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(message)) {
    const field = rules.aliases.get(key);
    const inside = path === '' ? key : `${path}.${key}`;
    if (field === undefined) problems.push(`${inside}: ${unknownField(key, rules)}`);
    else if (value !== undefined && (value !== null || field.takesNull)) {
      if (Object.hasOwn(result, field.name)) problems.push(`${inside}: is set twice, under two names`);
      result[field.name] = normaliseField(value, field, problems, inside, depth);
    }
  }
  for (const name of rules.required) {
    if (result[name] === undefined) problems.push(`${path === '' ? name : `${path}.${name}`}: is required`);
  }
  for (const [oneof, names] of rules.oneofs) {
    const given = names.filter((name) => Object.hasOwn(result, name));
    if (given.length > 1)
      problems.push(`${at(path)}only one of ${given.join(', ')} can be set (oneof ${oneof})`);
  }
  return result;
}

function normaliseField(
  value: unknown,
  field: FieldRule,
  problems: string[],
  path: string,
  depth: number,
): unknown {
  const one = (element: unknown, inside: string): unknown =>
    normaliseOne(element, field, problems, inside, depth);
  if (field.shape === 'one') return one(value, path);
  if (field.shape === 'list') {
    const list =
      ArrayBuffer.isView(value) && !(value instanceof DataView) ? [...(value as Uint8Array)] : value;
    if (Array.isArray(list)) return list.map((element, index) => one(element, `${path}[${index}]`));
    problems.push(`${path}: expected an array, not ${show(value)}`);
    return [];
  }
  if (!isRecord(value) && !(value instanceof Map)) {
    problems.push(`${path}: expected an object with keys and values, not ${show(value)}`);
    return {};
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, element]): [string, unknown] => {
      const inside = `${path}[${show(key)}]`;
      if (!field.isKey!(String(key))) problems.push(`${inside}: is not a valid key of this map`);
      return [String(key), one(element, inside)];
    }),
  );
}

function normaliseOne(
  value: unknown,
  field: FieldRule,
  problems: string[],
  path: string,
  depth: number,
): unknown {
  const { scalar, message } = field;
  if (scalar === undefined) return normalise(value, message!, problems, path, depth + 1);
  if (scalar.isReady(value)) return value;
  const converted = scalar.convert(value);
  if (converted === undefined) problems.push(`${path}: expected ${scalar.expected}, not ${show(value)}`);
  return converted;
}

/** An object with names and values, not a Date, a Map or the like. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length > 0 || isEmptyMessage(value);
}

function unknownField(name: string, { type }: MessageRules): string {
  const names = type.fieldsArray.map((field) => extensionName(field) ?? field.name);
  const meant = closest(name, names);
  const hint =
    meant === undefined ? `; its fields are ${names.join(', ') || 'none'}` : `; did you mean ${meant}?`;
  return `${type.fullName.slice(1)} has no such field${hint}`;
}

function at(path: string): string {
  return path === '' ? '' : `${path}: `;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text = typeof value === 'object' && value !== null ? shortJson(value) : JSON.stringify(value);
  if (text === undefined) return String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** JSON of a value that may contain itself or bigints. */
function shortJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
}
