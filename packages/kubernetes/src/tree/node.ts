// The description of the resources: plain YAML values, and nodes that depend on the values of an
// installation. `evaluate` turns it into resources, and `yamlLines` into YAML or a Helm template.

export type Scalar = string | number | boolean | null;

/** A YAML value that may contain nodes which depend on values. */
export type Node = Scalar | readonly Node[] | NodeMap | Dynamic;

export interface NodeMap {
  readonly [key: string]: Node;
}

type Dynamic = Value | Builtin | Text | Lines | Choice | PassThrough | Merged | Noted;

/** What differs between the forms, and is not a value. */
export type BuiltinName =
  | 'name' // the run, which is the instance of all labels
  | 'fullName' // the beginning of all names
  | 'namespace'
  | 'version'
  | 'managedBy'
  | 'chart'; // only in the Helm chart

/** The value at a path such as `workers.count`. If it is empty and `or` is given, that. */
export class Value {
  constructor(
    readonly path: string,
    readonly or?: Builtin,
  ) {}
}

export class Builtin {
  constructor(readonly name: BuiltinName) {}
}

/** A string of fixed parts and values. */
export class Text {
  constructor(readonly parts: readonly (string | Value | Builtin)[]) {}
}

/** A string with each item of a list of strings on a line. */
export class Lines {
  constructor(readonly path: string) {}
}

/** One of two nodes. Without the second, the entry of the map or list is left out. */
export class Choice {
  constructor(
    readonly condition: Condition,
    readonly yes: Node,
    readonly no?: Node,
  ) {}
}

/** A map or list of the user. As an entry of a list, its items. If it is empty, it is left out. */
export class PassThrough {
  constructor(readonly path: string) {}
}

/** The entries of several maps. No key may occur twice. */
export class Merged {
  constructor(readonly maps: readonly Node[]) {}
}

/** A node with a comment that explains it. */
export class Noted {
  constructor(
    readonly comment: string,
    readonly node: Node,
  ) {}
}

/** A condition on values. A path holds if its value is not empty, zero or false. */
export type Condition =
  | { readonly path: string; readonly is?: Scalar }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly form: 'helm' };

export const value = (path: string, or?: Builtin): Value => new Value(path, or);
export const builtin = (name: BuiltinName): Builtin => new Builtin(name);
export const text = (...parts: readonly (string | Value | Builtin)[]): Text => new Text(parts);
export const lines = (path: string): Lines => new Lines(path);
export const choose = (condition: Condition, yes: Node, no: Node): Choice => new Choice(condition, yes, no);
export const when = (condition: Condition, node: Node): Choice => new Choice(condition, node);
export const passThrough = (path: string): PassThrough => new PassThrough(path);
export const merged = (...maps: readonly Node[]): Merged => new Merged(maps);
export const noted = (comment: string, node: Node): Noted => new Noted(comment, node);

export const set = (path: string): Condition => ({ path });
export const is = (path: string, wanted: Scalar): Condition => ({ path, is: wanted });
export const not = (condition: Condition): Condition => ({ not: condition });
export const all = (...conditions: readonly Condition[]): Condition => ({ all: conditions });
export const any = (...conditions: readonly Condition[]): Condition => ({ any: conditions });
export const inHelm: Condition = { form: 'helm' };

/** Whether a node is a map of keys, not a list, scalar or dynamic node. */
export function isMap(node: Node): node is NodeMap {
  return typeof node === 'object' && node !== null && Object.getPrototypeOf(node) === Object.prototype;
}
