import {
  Builtin,
  Choice,
  Lines,
  Merged,
  Noted,
  PassThrough,
  Text,
  Value,
  isMap,
  type BuiltinName,
  type Condition,
  type Node,
  type NodeMap,
} from './node.js';

/** What the nodes of a tree are replaced with. */
export interface Context {
  readonly values: Readonly<Record<string, unknown>>;
  /** `undefined` or '' leaves out the entry. */
  readonly builtins: Readonly<Record<BuiltinName, string | undefined>>;
}

/**
 * Replaces what depends on values. Comments stay.
 * @returns undefined if a condition leaves the node out
 */
export function evaluate(node: Node, context: Context): Node | undefined {
  if (node instanceof Value) return valueOf(node, context);
  if (node instanceof Builtin) return context.builtins[node.name] || undefined;
  if (node instanceof Text) return textOf(node, context);
  if (node instanceof Lines) return (valueAt(node.path, context) as readonly string[]).join('\n');
  if (node instanceof Choice) {
    const chosen = holds(node.condition, context) ? node.yes : node.no;
    return chosen === undefined ? undefined : evaluate(chosen, context);
  }
  if (node instanceof PassThrough) {
    const given = valueAt(node.path, context);
    return isEmpty(given) ? undefined : (given as Node);
  }
  if (node instanceof Merged) return mergedMaps(node, context);
  if (node instanceof Noted) {
    const inner = evaluate(node.node, context);
    return inner === undefined ? undefined : new Noted(node.comment, inner);
  }
  if (Array.isArray(node)) return node.flatMap((item: Node) => evaluate(item, context) ?? []);
  return isMap(node) ? mapOf(node, context) : node;
}

/** Whether a condition holds for the values. */
export function holds(condition: Condition, context: Context): boolean {
  if ('all' in condition) return condition.all.every((each) => holds(each, context));
  if ('any' in condition) return condition.any.some((each) => holds(each, context));
  if ('not' in condition) return !holds(condition.not, context);
  if ('form' in condition) return false;
  const given = valueAt(condition.path, context);
  return condition.is === undefined ? !isEmpty(given) : given === condition.is;
}

/** A tree without dynamic nodes and comments. */
export function withoutComments(node: Node): Node {
  if (node instanceof Noted) return withoutComments(node.node);
  if (Array.isArray(node)) return node.map(withoutComments);
  if (!isMap(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, entry]) => [key, withoutComments(entry)]));
}

function mapOf(map: NodeMap, context: Context): NodeMap {
  const entries = Object.entries(map).flatMap(([key, entry]) => {
    const inner = evaluate(entry, context);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(entries);
}

function mergedMaps({ maps }: Merged, context: Context): NodeMap {
  const inner = maps.map((map) => evaluate(map, context) ?? {});
  return Object.assign({}, ...inner) as NodeMap;
}

function valueOf({ path, or }: Value, context: Context): Node | undefined {
  const given = valueAt(path, context);
  return or !== undefined && isEmpty(given) ? evaluate(or, context) : (given as Node);
}

function textOf({ parts }: Text, context: Context): string {
  const written = parts.map((part) => (typeof part === 'string' ? part : evaluate(part, context)));
  return written.map((part) => String(part as string | number)).join('');
}

/** The value at a path such as `workers.count`. */
export function valueAt(path: string, { values }: Pick<Context, 'values'>): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values);
}

/** As in Helm: false, 0, '', null, and empty maps and lists. */
function isEmpty(given: unknown): boolean {
  if (typeof given === 'object' && given !== null) return Object.keys(given).length === 0;
  return !given;
}
