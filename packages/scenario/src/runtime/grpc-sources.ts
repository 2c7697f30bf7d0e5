/** .proto files or protosets, with paths relative to the scenario file. */
interface SchemaFiles {
  readonly kind: 'files';
  readonly paths: readonly string[];
  readonly includeDirs: readonly string[];
}

/** A server with reflection. */
interface SchemaServer {
  readonly kind: 'server';
  /** Number among the servers of the scenario, from 1. */
  readonly ordinal: number;
  readonly target: string;
  readonly options: object;
}

/** The source of a schema: the arguments of `grpc.load` or `grpc.reflect`. */
export type SchemaSource = SchemaFiles | SchemaServer;

/** Schemas as plain data, by `sourceKey`. */
export type SchemaRecord = Readonly<Record<string, object>>;

const SLOT = 'drumline.schemas';

/**
 * The key of a schema, for processes that cannot reach its source. For a server, the key is its
 * number: its address and options may depend on an environment that workers do not have.
 */
export function sourceKey(source: SchemaSource): string {
  return JSON.stringify(
    source.kind === 'files' ? ['files', source.paths, source.includeDirs] : ['server', source.ordinal],
  );
}

/**
 * Prepends schemas to the code of a bundle. They are added to its first line (after a `#!`), which
 * holds no user code, so that the source map stays correct.
 */
export function withSchemas(code: string, schemas: SchemaRecord): string {
  const text = JSON.stringify(JSON.stringify(schemas));
  const shebang = /^#!.*\n/.exec(code)?.[0] ?? '';
  return `${shebang}globalThis[Symbol.for('${SLOT}')]=JSON.parse(${text});${code.slice(shebang.length)}`;
}

/**
 * The schema in the bundle of this process.
 * @throws Error if the bundle has no schema from this source
 */
export function requireBundledSchema(source: SchemaSource): object {
  const schemas = (globalThis as Record<symbol, unknown>)[Symbol.for(SLOT)] as SchemaRecord | undefined;
  const schema = schemas?.[sourceKey(source)];
  if (schema !== undefined) return schema;
  throw new Error(
    `${describeSource(source)} was not called with these arguments on the machine that started the run. Its arguments must not depend on the machine.`,
  );
}

/** A source as written in the scenario. */
export function describeSource(source: SchemaSource): string {
  if (source.kind === 'server') return `grpc.reflect('${source.target}')`;
  const [first, ...others] = source.paths;
  return `grpc.load('${first}'${others.length > 0 ? ', …' : ''})`;
}
