import type { ServerDuplexStream, ServiceDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { reflectionProto } from '@drumline/drivers/grpc-reflection';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import type { RefusalOf } from './admission.js';

/** A service for `Server.addService`. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly handlers: Readonly<Record<string, UntypedHandleCall>>;
}

interface Request {
  readonly fileByFilename?: string;
  readonly fileContainingSymbol?: string;
  readonly listServices?: string;
}

interface DescribedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Full names of its services, methods and messages. */
  readonly symbols: ReadonlySet<string>;
}

const VERSIONS = ['v1', 'v1alpha'] as const;

/**
 * The reflection services, which describe these .proto texts and themselves.
 * https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function reflectionServices(texts: Readonly<Record<string, string>>, refusalOf: RefusalOf): Service[] {
  const files = [
    ...Object.entries(texts).map(([name, text]) => describe(name, text)),
    ...VERSIONS.map((version) =>
      describe(`grpc/reflection/${version}/reflection.proto`, reflectionProto(version)),
    ),
  ];
  return VERSIONS.map((version) => serviceOf(version, files, refusalOf));
}

function serviceOf(
  version: (typeof VERSIONS)[number],
  files: readonly DescribedFile[],
  refusalOf: RefusalOf,
): Service {
  const { root } = protobuf.parse(reflectionProto(version), new protobuf.Root());
  const path = `grpc.reflection.${version}`;
  const requests = root.lookupType(`${path}.ServerReflectionRequest`);
  const responses = root.lookupType(`${path}.ServerReflectionResponse`);
  const handle = (call: ServerDuplexStream<Request, object>): void => {
    const refusal = refusalOf(call, 'GET');
    if (refusal) return void call.emit('error', refusal);
    call.on('data', (request: Request) =>
      call.write({ ...answer(request, files), originalRequest: request }),
    );
    call.on('end', () => call.end());
  };
  return {
    definition: {
      serverReflectionInfo: {
        path: `/${path}.ServerReflection/ServerReflectionInfo`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (request: object) => Buffer.from(requests.encode(request).finish()),
        requestDeserialize: (bytes: Buffer) => requests.toObject(requests.decode(bytes), { defaults: false }),
        responseSerialize: (response: object) => Buffer.from(responses.encode(response).finish()),
        responseDeserialize: (bytes: Buffer) => responses.decode(bytes),
      },
    },
    handlers: { serverReflectionInfo: handle as UntypedHandleCall },
  };
}

function answer(request: Request, files: readonly DescribedFile[]): object {
  const { fileByFilename, fileContainingSymbol, listServices } = request;
  if (listServices !== undefined) {
    const names = files.flatMap(({ symbols }) =>
      [...symbols].filter((symbol) => symbol.startsWith('service ')),
    );
    return {
      listServicesResponse: { service: names.map((name) => ({ name: name.slice('service '.length) })) },
    };
  }
  const file = files.find(({ name, symbols }) =>
    fileByFilename === undefined ? symbols.has(fileContainingSymbol ?? '') : name === fileByFilename,
  );
  if (file) return { fileDescriptorResponse: { fileDescriptorProto: [file.bytes] } };
  return { errorResponse: { errorCode: status.NOT_FOUND, errorMessage: 'there is no such file or symbol' } };
}

/** @param text a .proto file without imports */
function describe(name: string, text: string): DescribedFile {
  const { root } = protobuf.parse(text, new protobuf.Root(), { keepCase: true });
  root.resolveAll();
  const [file] = root.toDescriptor('proto3').file;
  const named = { ...file!, name };
  const symbols = new Set<string>();
  collect(root, symbols);
  return { name, bytes: descriptor.FileDescriptorProto.encode(named).finish(), symbols };
}

/** Adds the names of what a namespace contains; a service also as `service NAME`. */
function collect(namespace: protobuf.NamespaceBase, symbols: Set<string>): void {
  for (const one of namespace.nestedArray) {
    const name = one.fullName.slice(1);
    symbols.add(name);
    if (one instanceof protobuf.Service) {
      symbols.add(`service ${name}`);
      for (const method of one.methodsArray) symbols.add(`${name}.${method.name}`);
    }
    if (one instanceof protobuf.Namespace) collect(one, symbols);
  }
}
