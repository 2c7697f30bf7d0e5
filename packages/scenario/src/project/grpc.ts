import { resolve } from 'node:path';
import { DrumlineError, type PlanProblem } from '@drumline/model';
import { declarations, type DeclaredService } from '../runtime/grpc-declarations.js';
import { describeSource, sourceKey, type SchemaRecord, type SchemaSource } from '../runtime/grpc-sources.js';

type GrpcLibrary = typeof import('@drumline/drivers/grpc');
type Schema = ReturnType<GrpcLibrary['loadSchema']>;

/** The gRPC schemas of a loaded scenario, and the problems with its sources and services. */
export interface GrpcReading {
  readonly schemas: SchemaRecord;
  readonly problems: readonly PlanProblem[];
}

/**
 * Reads every schema that the scenario declares, and checks its services and their options.
 * @param directory directory of the scenario file, to which paths are relative
 * @param target target of the plan, for services without their own
 */
export async function readGrpc(directory: string, target: string | undefined): Promise<GrpcReading> {
  const { sources, services } = declarations;
  if (sources.size === 0) return { schemas: {}, problems: [] };
  const library = await import('@drumline/drivers/grpc');
  const { findGrpcProblems, findReflectProblems } = await import('@drumline/drivers/check');
  const schemas: Record<string, object> = {};
  const problems: PlanProblem[] = [];
  for (const [key, source] of sources) {
    const wrong = source.kind === 'server' ? findReflectProblems(source.options, describeSource(source)) : [];
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    try {
      const schema = await read(source, directory, library);
      schemas[key] = schema.toJson();
      for (const service of services) {
        if (sourceKey(service.source) === key) problems.push(...findNameProblems(service, schema));
      }
    } catch (error) {
      problems.push(...problemsOf(error, describeSource(source)));
    }
  }
  for (const service of services) {
    problems.push(
      ...findGrpcProblems(service.options, describeService(service)),
      ...findTargetProblems(service, target),
    );
  }
  return { schemas, problems };
}

async function read(source: SchemaSource, directory: string, library: GrpcLibrary): Promise<Schema> {
  if (source.kind === 'server') return await library.reflectTarget(source.target, source.options);
  const { paths, includeDirs } = source;
  if (paths.length === 0 || !isListOfTexts(paths)) {
    throw new TypeError('needs the path of a .proto file or protoset, or an array of paths');
  }
  if (!isListOfTexts(includeDirs)) throw new TypeError('includeDirs must be an array of directories');
  const absolute = (path: string): string => resolve(directory, path);
  return library.loadSchema(paths.map(absolute), { includeDirs: includeDirs.map(absolute) });
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function findNameProblems(service: DeclaredService, schema: Schema): PlanProblem[] {
  try {
    schema.service(service.name);
    return [];
  } catch (error) {
    return problemsOf(error, describeSource(service.source));
  }
}

function findTargetProblems(service: DeclaredService, target: string | undefined): PlanProblem[] {
  if (target !== undefined || (service.options as { target?: unknown } | null)?.target !== undefined)
    return [];
  const hint = "set it with service(name, { target: 'localhost:50051' }), scenario({ target }) or --target";
  return [{ where: describeService(service), message: 'has no target', hint }];
}

function describeService({ source, name }: DeclaredService): string {
  return `${describeSource(source)}.service('${name}')`;
}

/** @throws the error itself if it is not a mistake of the scenario */
function problemsOf(error: unknown, where: string): PlanProblem[] {
  if (error instanceof DrumlineError) {
    const lines = error.message.split('\n');
    return lines.map((message, i) => ({
      where,
      message,
      ...(i === lines.length - 1 && { hint: error.hint }),
    }));
  }
  if (error instanceof TypeError || error instanceof RangeError) return [{ where, message: error.message }];
  throw error;
}
