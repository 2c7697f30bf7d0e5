import type { ProtoSchema } from '@drumline/drivers/grpc';
import { DrumlineError, messageOf } from '@drumline/model';
import { serviceOptions, type ServerArguments } from './options/grpc.js';

/** Of which files a schema is, or which server is asked for it. */
export interface SchemaArguments extends ServerArguments {
  readonly proto: readonly string[] | undefined;
  readonly include: readonly string[] | undefined;
}

/** The schema from the given files, or else from the server's reflection. */
export async function schemaFor(args: SchemaArguments): Promise<ProtoSchema> {
  const { loadSchema, reflectTarget } = await import('@drumline/drivers/grpc');
  if (args.proto !== undefined) return loadSchema(args.proto, { includeDirs: args.include ?? [] });
  const { target, ...options } = serviceOptions(args);
  return await usable(reflectTarget(target!, options));
}

/** Turns what a server, a target or a message is refused for into words without a stack. */
export async function usable<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof DrumlineError) throw new DrumlineError('requests-failed', error.message, error.hint);
    if (error instanceof TypeError || error instanceof RangeError)
      throw new DrumlineError('usage', messageOf(error));
    throw error;
  }
}
