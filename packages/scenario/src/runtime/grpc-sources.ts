/** .proto files or a protoset, relative to the scenario's file. */
interface SchemaFiles {
  readonly kind: 'files';
  readonly paths: readonly string[];
  readonly includeDirs: readonly string[];
}

/** A server that says itself what it offers. */
interface SchemaServer {
  readonly kind: 'server';
  /** Counts those of a scenario from 1. */
  readonly ordinal: number;
  readonly target: string;
  readonly options: object;
}

/** Where a schema comes from: what `grpc.load` or `grpc.reflect` was given. */
export type SchemaSource = SchemaFiles | SchemaServer;

/** Schemas as plain data, by the keys of their sources. */
export type SchemaRecord = Readonly<Record<string, object>>;

const SLOT = 'drumline.schemas';

/**
 * What a schema is found by where its source cannot be reached. Of a server that is the place of its call among others: its address and
 * what it is asked with may come from an environment that workers do not have.
 */
export function sourceKey(source: SchemaSource): string {
  return JSON.stringify(
    source.kind === 'files' ? ['files', source.paths, source.includeDirs] : ['server', source.ordinal],
  );
}

/**
 * The code of a bundle with schemas in front. They are on its first line (after a `#!`), which is none of the user's own: the
 * source map stays right.
 */
export function withSchemas(code: string, schemas: SchemaRecord): string {
  const text = JSON.stringify(JSON.stringify(schemas));
  const shebang = /^#!.*\n/.exec(code)?.[0] ?? '';
  return `${shebang}globalThis[Symbol.for('${SLOT}')]=JSON.parse(${text});${code.slice(shebang.length)}`;
}

/**
 * The schema that came with the bundle of this process.
 * @throws Error if there is none of this source
 */
export function requireBundledSchema(source: SchemaSource): object {
  const schemas = (globalThis as Record<symbol, unknown>)[Symbol.for(SLOT)] as SchemaRecord | undefined;
  const schema = schemas?.[sourceKey(source)];
  if (schema !== undefined) return schema;
  throw new Error(
    `${describeSource(source)} was not called so where the scenario was started: what is loaded must not depend on the machine.`,
  );
}

/** A source as its author wrote it. */
export function describeSource(source: SchemaSource): string {
  if (source.kind === 'server') return `grpc.reflect('${source.target}')`;
  const [first, ...others] = source.paths;
  return `grpc.load('${first}'${others.length > 0 ? ', …' : ''})`;
}
