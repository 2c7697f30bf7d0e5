/** .proto files or a protoset, relative to the scenario's file. */
export interface SchemaFiles {
  readonly kind: 'files';
  readonly paths: readonly string[];
  readonly includeDirs: readonly string[];
}

/** A server that says itself what it offers. */
export interface SchemaServer {
  readonly kind: 'server';
  readonly target: string;
  readonly options: object;
}

/** Where a schema comes from: what `grpc.load` or `grpc.reflect` was given. */
export type SchemaSource = SchemaFiles | SchemaServer;

/** Schemas as plain data, by the keys of their sources. */
export type SchemaRecord = Readonly<Record<string, object>>;

const SLOT = 'drumline.schemas';

/**
 * What a schema is found by where its source cannot be reached. The options of a server are no part of it: they may come from an
 * environment that workers do not have, and may be secret.
 */
export function sourceKey(source: SchemaSource): string {
  return JSON.stringify(
    source.kind === 'files' ? [source.paths, source.includeDirs] : ['server', source.target],
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

/** @returns the schema that came with the bundle in this process, or undefined */
export function bundledSchema(source: SchemaSource): object | undefined {
  const schemas = (globalThis as Record<symbol, unknown>)[Symbol.for(SLOT)] as SchemaRecord | undefined;
  return schemas?.[sourceKey(source)];
}
