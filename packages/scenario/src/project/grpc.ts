import { resolve } from 'node:path';
import { DrumlineError, type PlanProblem } from '@drumline/model';
import { declarations, type DeclaredService } from '../runtime/grpc-declarations.js';
import { sourceKey, type SchemaRecord, type SchemaSource } from '../runtime/grpc-sources.js';

type GrpcLibrary = typeof import('@drumline/drivers/grpc');
type Schema = ReturnType<GrpcLibrary['loadSchema']>;

/** The schemas of a scenario that has been loaded, or what is wrong with what it says of gRPC. */
export interface GrpcReading {
  readonly schemas: SchemaRecord;
  readonly problems: readonly PlanProblem[];
}

/**
 * Reads every schema that the scenario names, and looks at its services and their options.
 * @param directory that of the scenario's file: paths are relative to it
 * @param target of the plan, which services have where they name none
 */
export async function readGrpc(directory: string, target: string | undefined): Promise<GrpcReading> {
  const { sources, services } = declarations;
  if (sources.size === 0) return { schemas: {}, problems: [] };
  const library = await import('@drumline/drivers/grpc');
  const schemas: Record<string, object> = {};
  const problems: PlanProblem[] = [];
  for (const [key, source] of sources) {
    try {
      const schema = await read(source, directory, library);
      schemas[key] = schema.toJson();
      const own = services.filter((service) => sourceKey(service.source) === key);
      problems.push(...own.flatMap((service) => findServiceProblems(service, schema, target, library)));
    } catch (error) {
      problems.push({ where: words(source), ...expected(error) });
    }
  }
  return { schemas, problems };
}

async function read(source: SchemaSource, directory: string, library: GrpcLibrary): Promise<Schema> {
  if (source.kind === 'server') return await library.reflectSchema(source.target, source.options);
  const absolute = (path: string): string => resolve(directory, path);
  return library.loadSchema(source.paths.map(absolute), { includeDirs: source.includeDirs.map(absolute) });
}

function findServiceProblems(
  { source, name, options }: DeclaredService,
  schema: Schema,
  target: string | undefined,
  { findGrpcProblems }: GrpcLibrary,
): PlanProblem[] {
  const where = `${words(source)}.service('${name}')`;
  const problems = findGrpcProblems(options, where);
  try {
    schema.service(name);
  } catch (error) {
    problems.push({ where, ...expected(error) });
  }
  if (target === undefined && (options as { target?: string }).target === undefined) {
    problems.push({
      where,
      message: 'has no target',
      hint: "say where it is: service(name, { target: 'localhost:50051' }), scenario({ target }) or --target",
    });
  }
  return problems;
}

/** A source as its author wrote it. */
function words(source: SchemaSource): string {
  if (source.kind === 'server') return `grpc.reflect('${source.target}')`;
  const [first, ...others] = source.paths;
  return `grpc.load('${first}'${others.length > 0 ? ', …' : ''})`;
}

/** @throws what is no mistake of the user's */
function expected(error: unknown): { message: string; hint?: string | undefined } {
  if (error instanceof DrumlineError) return { message: error.message, hint: error.hint };
  if (error instanceof TypeError) return { message: error.message };
  throw error;
}
