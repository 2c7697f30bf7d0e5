/** The parts of JSON Schema that the views of the control API use. */
export interface Schema {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly contentMediaType?: string;
  readonly description?: string;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** Whether its absence differs from the default of its type. */
  readonly isOptional: boolean;
  readonly description: string | undefined;
}

/** How a value of the control API is written in Protocol Buffers. */
export type Shape =
  | { readonly kind: 'scalar'; readonly type: 'string' | 'int64' | 'double' | 'bool' | 'bytes' }
  /** A text, a number or a boolean. */
  | { readonly kind: 'parameter' }
  /** Null, or the word of a union such as `all`, is the absence of the field. */
  | { readonly kind: 'nullable'; readonly of: Shape }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'message'; readonly fields: readonly Field[] }
  /** Each variant is a field of a oneof. Its name is the value of `type`. */
  | { readonly kind: 'variants'; readonly fields: readonly Field[] };

const shapes = new WeakMap<Schema, Shape>();

/** @throws Error if the schema has no shape; then it needs a rule here */
export function shapeOf(schema: Schema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const shape = schema.anyOf ? shapeOfUnion(schema.anyOf) : shapeOfOne(schema);
  shapes.set(schema, shape);
  return shape;
}

function shapeOfOne(schema: Schema): Shape {
  const { type, properties, patternProperties, items, contentMediaType } = schema;
  if (properties) return { kind: 'message', fields: fieldsOf(schema) };
  if (patternProperties) return { kind: 'map', of: shapeOf(Object.values(patternProperties)[0]!) };
  if (items) return { kind: 'list', of: shapeOf(items) };
  if (contentMediaType !== undefined) return { kind: 'scalar', type: 'bytes' };
  if (type === 'string') return { kind: 'scalar', type: 'string' };
  if (type === 'integer') return { kind: 'scalar', type: 'int64' };
  if (type === 'number') return { kind: 'scalar', type: 'double' };
  if (type === 'boolean') return { kind: 'scalar', type: 'bool' };
  if (type === 'object') return { kind: 'message', fields: [] };
  throw new Error(`no shape for ${JSON.stringify(schema)}`);
}

function shapeOfUnion(variants: readonly Schema[]): Shape {
  if (variants.every(({ properties }) => properties)) {
    const isTagged = variants.every(({ properties }) => properties!['type']?.const !== undefined);
    return isTagged
      ? { kind: 'variants', fields: variants.map(variantField) }
      : { kind: 'message', fields: mergedFields(variants) };
  }
  if (variants.every(({ const: literal }) => typeof literal === 'string'))
    return { kind: 'scalar', type: 'string' };
  const types = variants.map(({ type }) => type);
  if (['string', 'number', 'boolean'].every((type) => types.includes(type))) return { kind: 'parameter' };
  const values = variants.filter((one) => one.type !== 'null' && one.const === undefined);
  if (values.length === 1) return { kind: 'nullable', of: shapeOf(values[0]!) };
  throw new Error(`no shape for ${JSON.stringify(variants)}`);
}

function variantField({ properties, required, description }: Schema): Field {
  const { type, ...rest } = properties!;
  const fields = fieldsOf({ properties: rest, ...(required && { required }) });
  const name = String(type!.const);
  return { name, shape: { kind: 'message', fields }, isOptional: false, description };
}

function fieldsOf({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => {
    const shape = shapeOf(schema);
    const isOptional = !required.includes(name) || shape.kind === 'nullable';
    return { name, shape, isOptional, description: schema.description };
  });
}

/** The fields of all variants. Those that a variant lacks are optional. */
function mergedFields(variants: readonly Schema[]): Field[] {
  const merged = new Map<string, Field>();
  const each = variants.map(fieldsOf);
  for (const fields of each)
    for (const field of fields) {
      const other = merged.get(field.name);
      const isOptional =
        field.isOptional || each.some((some) => !some.some(({ name }) => name === field.name));
      if (other && other.shape.kind !== field.shape.kind)
        throw new Error(`${field.name} has several shapes in one union`);
      merged.set(field.name, { ...field, isOptional, description: field.description ?? other?.description });
    }
  return [...merged.values()];
}

/** A value as protobufjs encodes it. Absent values are left out. */
export function toMessage(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.kind) {
    case 'scalar':
      return value;
    case 'parameter':
      return { [PARAMETER_FIELDS[typeof value as 'string']]: value };
    case 'nullable':
      // The word that stands beside a number, such as `all`.
      return shape.of.kind === 'scalar' && shape.of.type !== 'string' && typeof value === 'string'
        ? undefined
        : toMessage(shape.of, value);
    case 'list':
      return (value as unknown[]).map((one) => toMessage(shape.of, one));
    case 'map':
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toMessage(shape.of, one)]));
    case 'message':
      return messageOf(shape.fields, value as Record<string, unknown>);
    case 'variants': {
      const { type } = value as { type: string };
      const variant = shape.fields.find(({ name }) => name === type);
      return variant && { [type]: toMessage(variant.shape, value) };
    }
  }
}

/** The field of a parameter's value, by the type of the value. */
const PARAMETER_FIELDS = { string: 'text', number: 'number', boolean: 'flag' } as const;

function messageOf(fields: readonly Field[], value: Readonly<Record<string, unknown>>): object {
  const message: Record<string, unknown> = {};
  for (const { name, shape } of fields) {
    const one = toMessage(shape, value[name]);
    if (one !== undefined) message[name] = one;
  }
  return message;
}
