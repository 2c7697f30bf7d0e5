import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { ERROR_DETAILS_PROTO, STATUS_PROTO } from './rpc.js';

/** A built-in file, and the files that it imports. */
export interface BuiltIn {
  readonly nested: NonNullable<protobuf.INamespace['nested']>;
  readonly imports: readonly string[];
}

const require = createRequire(import.meta.url);

/** Files that protobufjs has built in. */
const WELL_KNOWN = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `google/protobuf/${name}.proto`,
);

/** Files that protobufjs contains as JSON, and their imports. */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  'google/protobuf/descriptor.proto': [],
  'google/protobuf/source_context.proto': [],
  'google/protobuf/type.proto': ['google/protobuf/any.proto', 'google/protobuf/source_context.proto'],
  'google/protobuf/api.proto': ['google/protobuf/source_context.proto', 'google/protobuf/type.proto'],
  'google/api/http.proto': [],
  'google/api/annotations.proto': ['google/api/http.proto', 'google/protobuf/descriptor.proto'],
};

/** Options for the code generated in some language. Drumline does not use them. */
const LANGUAGE_FEATURES = /^google\/protobuf\/\w+_features\.proto$/;

const WRITTEN: Readonly<Record<string, string>> = {
  'google/rpc/status.proto': STATUS_PROTO,
  'google/rpc/error_details.proto': ERROR_DETAILS_PROTO,
};

/**
 * @param name as in imports: `google/protobuf/timestamp.proto`
 * @returns undefined if it is not one of Google's common files
 */
export function builtIn(name: string): BuiltIn | undefined {
  if (WELL_KNOWN.includes(name)) return { nested: protobuf.common.get(name)!.nested ?? {}, imports: [] };
  if (LANGUAGE_FEATURES.test(name)) return { nested: {}, imports: ['google/protobuf/descriptor.proto'] };
  const imports = SHIPPED[name];
  if (imports !== undefined) {
    const { nested } = require(`protobufjs/${name.replace(/proto$/, 'json')}`) as Pick<BuiltIn, 'nested'>;
    return { nested, imports };
  }
  const source = WRITTEN[name];
  if (source === undefined) return undefined;
  const parsed = protobuf.parse(source, new protobuf.Root());
  return { nested: parsed.root.toJSON().nested ?? {}, imports: parsed.imports ?? [] };
}
