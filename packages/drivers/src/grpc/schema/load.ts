import { extname } from 'node:path';
import protobuf from 'protobufjs';
import { readProtoFiles } from './proto-files.js';
import { addProtosets } from './protoset.js';
import { resolveTypes } from './resolve.js';
import { ProtoSchema } from './schema.js';
import { SchemaError } from './schema-error.js';

export interface LoadOptions {
  /** Directories to search for imports, after that of the importing file and those of `paths`. */
  readonly includeDirs?: readonly string[];
}

/**
 * Compiled descriptions (FileDescriptorSet), as written by `protoc --include_imports -o` and `buf
 * build -o`.
 */
const PROTOSETS: readonly string[] = ['.protoset', '.pb', '.binpb', '.desc'];

/**
 * Reads .proto files with everything that they import, and protosets, as one schema. The files of
 * google.protobuf, google.rpc and google.api are built in.
 * @throws SchemaError with every problem, each with its file and line
 */
export function loadSchema(paths: readonly string[], { includeDirs = [] }: LoadOptions = {}): ProtoSchema {
  const isProtoset = (path: string): boolean => PROTOSETS.includes(extname(path));
  const root = new protobuf.Root();
  const problems: string[] = [];
  const sources = readProtoFiles(
    root,
    paths.filter((path) => !isProtoset(path)),
    includeDirs,
    problems,
  );
  addProtosets(root, paths.filter(isProtoset), problems);
  // Types missing from a broken file would be reported for all other files.
  if (problems.length === 0) problems.push(...resolveTypes(root, sources));
  if (problems.length > 0) throw new SchemaError(problems);
  return new ProtoSchema(root);
}
