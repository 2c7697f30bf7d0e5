import type { Field, Fields } from './schema.js';
import { FIELDS } from './values.js';

type Tree = Record<string, unknown>;

/**
 * Sets the value at a path such as `workers.count`. A dot in a key is written `\.`, as for Helm.
 * @param written JSON, or the text itself where it is not JSON or the value is a string
 */
export function assign(values: Tree, path: string, written: string): void {
  const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  put(values, keys, isText(keys) ? written : readJson(written));
}

/** Adds the values of a file. Maps are merged, all else is replaced. */
export function mergeValues(base: Tree, more: Readonly<Tree>): void {
  for (const [key, entry] of Object.entries(more)) {
    const known = Object.hasOwn(base, key) ? base[key] : undefined;
    if (isTree(known) && isTree(entry)) mergeValues(known, entry);
    else put(base, [key], isTree(entry) ? structuredClone(entry) : entry);
  }
}

function put(values: Tree, keys: readonly string[], entry: unknown): void {
  const [key = '', ...rest] = keys;
  const known = Object.hasOwn(values, key) ? values[key] : undefined;
  let inner = entry;
  if (rest.length > 0) {
    const child = isTree(known) ? known : {};
    put(child, rest, entry);
    inner = child;
  }
  // A key such as __proto__ becomes an entry, which the check of the values then refuses.
  Object.defineProperty(values, key, { value: inner, enumerable: true, writable: true, configurable: true });
}

/** Whether the value at the path is a string, so that `true` or `1.30` is not read as JSON. */
function isText(keys: readonly string[]): boolean {
  let fields: Fields = FIELDS;
  let field: Field | undefined;
  for (const key of keys) {
    if (field?.kind === 'map') return field.entries === 'text';
    field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) return false;
    fields = field.kind === 'group' ? field.fields : {};
  }
  return field?.kind === 'text';
}

function readJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

function isTree(entry: unknown): entry is Tree {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}
