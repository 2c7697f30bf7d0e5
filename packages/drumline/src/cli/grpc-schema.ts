import type { ProtoSchema } from '@drumline/drivers/grpc';
import { DrumlineError, messageOf } from '@drumline/model';
import { serviceOptions, type ServerArguments } from './options/grpc.js';

/** The source of a schema: .proto files, or the reflection of a server. */
export interface SchemaArguments extends ServerArguments {
  readonly proto: readonly string[] | undefined;
  readonly include: readonly string[] | undefined;
}

/** Loads the schema from the given files, otherwise from the server's reflection. */
export async function schemaFor(args: SchemaArguments): Promise<ProtoSchema> {
  const { loadSchema, reflectTarget } = await import('@drumline/drivers/grpc');
  if (args.proto !== undefined) return loadSchema(args.proto, { includeDirs: args.include ?? [] });
  const { target, ...options } = serviceOptions(args);
  return await withUserErrors(reflectTarget(target!, options));
}

/**
 * Converts errors from the server, the target or a message to errors that print without a stack.
 */
export async function withUserErrors<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof DrumlineError) throw new DrumlineError('requests-failed', error.message, error.hint);
    if (error instanceof TypeError || error instanceof RangeError)
      throw new DrumlineError('usage', messageOf(error));
    throw error;
  }
}
