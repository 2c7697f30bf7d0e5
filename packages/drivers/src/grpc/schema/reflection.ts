import { DrumlineError } from '@drumline/model';
import protobuf from 'protobufjs';
import descriptor, { type IFileDescriptorProto } from 'protobufjs/ext/descriptor.js';
import type { GrpcEnd, GrpcEngine, GrpcSession, RawMetadata } from '../contract.js';
import { converse } from '../converse.js';
import type { GrpcMethod } from '../schema-contract.js';
import { StatusCode, statusName } from '../status.js';
import { reflectionProto } from './protos/reflection.js';
import { rootOfTexts } from './protos/root-of-texts.js';
import { addDescriptors, builtInsFor, missingFiles } from './protoset.js';
import { pruneUndeclared } from './prune.js';
import { resolveTypes } from './resolve.js';
import { ProtoSchema } from './schema.js';
import { SchemaError } from './schema-error.js';

export interface ReflectOptions {
  /** Name, value, name, value, … for servers that require authentication. */
  readonly metadata?: RawMetadata;
  /** Of each of the few calls, milliseconds. Default 10,000. */
  readonly deadlineMs?: number;
}

/** Messages of ServerReflection: the request, and the fields of the response that are read. */
type ReflectionRequest =
  { listServices: string } | { fileContainingSymbol: string } | { fileByFilename: string };
interface ReflectionResponse {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Uint8Array[] };
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
}

/** Servers list the reflection service itself, and need not describe it. */
const IS_REFLECTION = /^grpc\.reflection\./;

/** Newer servers support both, older ones the second only. */
const VERSIONS = ['v1', 'v1alpha'] as const;

/**
 * Reads the schema of a server: https://grpc.io/docs/guides/reflection
 * @param openEngine opens the engine to use, which is closed afterwards
 * @throws DrumlineError `scenario-invalid` if reflection fails or returns an incomplete
 * schema
 */
export async function reflectSchema(
  openEngine: () => GrpcEngine | Promise<GrpcEngine>,
  options: ReflectOptions = {},
): Promise<ProtoSchema> {
  const engine = await openEngine();
  try {
    return schemaOf(await fetchFiles(engine.openSession(), options));
  } finally {
    await engine.close();
  }
}

/** The files that a server sent, and the services that it did not describe. */
interface ServerFiles {
  readonly files: readonly IFileDescriptorProto[];
  readonly undescribed: readonly string[];
}

/**
 * The schema from the files of a server. A missing type disables only the methods that need it.
 * @throws SchemaError if no service is left
 */
function schemaOf({ files, undescribed }: ServerFiles): ProtoSchema {
  const unusable = new Map(
    undescribed.map((name) => [name, ['the server lists it, but does not describe it']]),
  );
  for (const [service, reasons] of pruneUndeclared(files, builtInsFor(files))) {
    const missing = missingImports(service, files);
    unusable.set(service, [
      ...reasons,
      ...missing.map((name) => `the server does not have the file ${name}`),
    ]);
  }
  const root = new protobuf.Root();
  addDescriptors(root, files);
  const unresolved = resolveTypes(root);
  if (unresolved.length > 0) throw new SchemaError(unresolved);
  const schema = new ProtoSchema(root, unusable);
  if (unusable.size > 0 && [...schema.services.values()].every(({ methods }) => methods.size === 0)) {
    const lines = [...unusable].map(([service, reasons]) => `${service}: ${reasons.join('; ')}`);
    throw new SchemaError(lines);
  }
  return schema;
}

/** The files that a service's file imports, directly or indirectly, and that are missing. */
function missingImports(service: string, files: readonly IFileDescriptorProto[]): string[] {
  const byName = new Map(files.map((file) => [file.name!, file]));
  const needed = new Set(files.filter((file) => servicesOf(file).includes(service)).map(({ name }) => name!));
  // Iteration over a set includes entries added meanwhile.
  for (const name of needed) for (const path of byName.get(name)?.dependency ?? []) needed.add(path);
  return missingFiles(files).filter((name) => needed.has(name));
}

async function fetchFiles(session: GrpcSession, options: ReflectOptions): Promise<ServerFiles> {
  let end: GrpcEnd | undefined;
  for (const version of VERSIONS) {
    const server = new ReflectionServer(session, version, options);
    const { responses, ...listed } = await server.request([{ listServices: '*' }]);
    ({ end } = listed);
    if (end.status === StatusCode.OK) return await server.filesOf(namesIn(responses));
    if (end.status !== StatusCode.UNIMPLEMENTED) break;
  }
  throw reflectionFailed(end!);
}

function namesIn(responses: readonly ReflectionResponse[]): string[] {
  return responses
    .flatMap(({ listServicesResponse }) => listServicesResponse?.service ?? [])
    .map(({ name }) => name);
}

function reflectionFailed(end: GrpcEnd): DrumlineError {
  if (end.status === StatusCode.UNIMPLEMENTED) {
    return new DrumlineError(
      'scenario-invalid',
      'the services cannot be listed: the server has no reflection service',
      'Load its .proto files or a protoset: --proto FILE on the command line, grpc.load(FILE) in a scenario. Or enable reflection on the server.',
    );
  }
  return new DrumlineError(
    'scenario-invalid',
    `reading the services by reflection failed: ${statusName(end.status)}${end.message && `: ${end.message}`}`,
  );
}

/** A server's reflection service, in one version. */
class ReflectionServer {
  readonly #method: GrpcMethod;

  constructor(
    readonly session: GrpcSession,
    version: (typeof VERSIONS)[number],
    readonly options: ReflectOptions,
  ) {
    const { services } = new ProtoSchema(rootOfTexts(reflectionProto(version)));
    this.#method = services
      .get(`grpc.reflection.${version}.ServerReflection`)!
      .methods.get('ServerReflectionInfo')!;
  }

  /**
   * The files that declare some services, with all their imports. Some servers send imports along,
   * others on request.
   */
  async filesOf(services: readonly string[]): Promise<ServerFiles> {
    const files = new Map<string, IFileDescriptorProto>();
    const asked = new Set<string>();
    let requests: ReflectionRequest[] = services.map((fileContainingSymbol) => ({ fileContainingSymbol }));
    while (requests.length > 0) {
      for (const file of (await this.responsesTo(requests)).flatMap(filesIn)) keep(files, file);
      const missing = missingFiles([...files.values()]).filter((name) => !asked.has(name));
      for (const name of missing) asked.add(name);
      requests = missing.map((fileByFilename) => ({ fileByFilename }));
    }
    const described = new Set([...files.values()].flatMap(servicesOf));
    return {
      files: [...files.values()],
      undescribed: services.filter((name) => !described.has(name) && !IS_REFLECTION.test(name)),
    };
  }

  /**
   * The responses to some requests. Some servers end the call at a request that they cannot answer;
   * they are asked one request at a time.
   * @throws DrumlineError if none of them is answered
   */
  private async responsesTo(requests: readonly ReflectionRequest[]): Promise<ReflectionResponse[]> {
    const { responses, end } = await this.request(requests);
    if (end.status === StatusCode.OK) return responses;
    if (requests.length === 1) throw reflectionFailed(end);
    const single: ReflectionResponse[] = [];
    let failure: GrpcEnd | undefined;
    for (const request of requests) {
      const answer = await this.request([request]);
      single.push(...answer.responses);
      if (answer.end.status !== StatusCode.OK) failure = answer.end;
    }
    if (single.length === 0 && failure !== undefined) throw reflectionFailed(failure);
    return single;
  }

  /** @returns the responses before the call ended */
  async request(
    requests: readonly ReflectionRequest[],
  ): Promise<{ responses: ReflectionResponse[]; end: GrpcEnd }> {
    const responses: Uint8Array[] = [];
    const end = await converse(this.session, {
      path: this.#method.path,
      messages: requests.map((request) => this.#method.encode(request)),
      metadata: this.options.metadata ?? [],
      deadlineMs: this.options.deadlineMs ?? 10_000,
      onMessage: (bytes) => responses.push(Buffer.from(bytes)),
    });
    return { responses: responses.map((bytes) => this.#method.decode(bytes) as ReflectionResponse), end };
  }
}

/**
 * Adds a file. A second file with the same name but other declarations gets its own name: the
 * parts of a server may have been compiled separately.
 */
function keep(files: Map<string, IFileDescriptorProto>, file: IFileDescriptorProto): void {
  const there = files.get(file.name!);
  const known = new Set(there === undefined ? [] : symbolsOf(there));
  if (there === undefined || symbolsOf(file).some((name) => known.has(name))) files.set(file.name!, file);
  else keep(files, { ...file, name: `${file.name}#` });
}

function symbolsOf(file: IFileDescriptorProto): string[] {
  const { package: scope = '', messageType = [], enumType = [] } = file;
  return [...servicesOf(file), ...[...messageType, ...enumType].map(({ name }) => `${scope}.${name}`)];
}

function servicesOf({ package: scope = '', service = [] }: IFileDescriptorProto): string[] {
  return service.map(({ name = '' }) => (scope === '' ? name : `${scope}.${name}`));
}

function filesIn({ fileDescriptorResponse }: ReflectionResponse): IFileDescriptorProto[] {
  const files = fileDescriptorResponse?.fileDescriptorProto ?? [];
  return files.flatMap((bytes) => {
    try {
      return [descriptor.FileDescriptorProto.decode(bytes) as unknown as IFileDescriptorProto];
    } catch {
      // Its services are then not described, which is reported.
      return [];
    }
  });
}
