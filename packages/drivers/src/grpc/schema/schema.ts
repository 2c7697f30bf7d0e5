import { closest } from '@drumline/model';
import protobuf from 'protobufjs';
import type { Unusable } from './prune.js';
import type { GrpcMethod, GrpcSchema, GrpcServiceSchema, MethodKind } from '../schema-contract.js';
import { messageDecoder } from './decoder.js';
import { messageEncoder } from './encode/encoder.js';

/** A schema backed by protobufjs. */
export class ProtoSchema implements GrpcSchema {
  readonly services: ReadonlyMap<string, GrpcServiceSchema>;

  /**
   * @param root with all names resolved
   * @param unusable why services, or methods of them, were left out
   */
  constructor(
    readonly root: protobuf.Root,
    readonly unusable: Unusable = new Map(),
  ) {
    this.services = new Map(
      [...servicesIn(root)].map((service) => [nameOf(service), readService(service)] as const),
    );
  }

  service(name: string): GrpcServiceSchema {
    const found = this.services.get(name);
    const reasons = this.unusable.get(name);
    if (found !== undefined && (found.methods.size > 0 || reasons === undefined)) return found;
    if (reasons !== undefined) throw new TypeError(`${name} cannot be used: ${reasons.join('; ')}`);
    const names = [...this.services.keys()];
    const first = closest(name, names) ?? names.find((other) => other.endsWith(`.${name}`));
    const listed = first === undefined ? names : [first, ...names.filter((other) => other !== first)];
    throw new TypeError(`there is no service ${name}: the schema has ${listed.join(', ') || 'no services'}`);
  }

  decoder(typeName: string): ((bytes: Uint8Array) => object) | undefined {
    const type = this.root.lookup(typeName, [protobuf.Type]);
    return type instanceof protobuf.Type ? messageDecoder(type) : undefined;
  }

  toJson(): object {
    return this.root.toJSON();
  }
}

/** The schema that `toJson` was called on. */
export function schemaFromJson(json: object): ProtoSchema {
  return new ProtoSchema(protobuf.Root.fromJSON(json as protobuf.INamespace));
}

/** All services of a schema, including those of nested packages. */
export function* servicesIn(namespace: protobuf.NamespaceBase): Generator<protobuf.Service> {
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Service) yield nested;
    else if (nested instanceof protobuf.Namespace) yield* servicesIn(nested);
  }
}

function readService(service: protobuf.Service): GrpcServiceSchema {
  const methods = service.methodsArray.map((method) => [method.name, readMethod(service, method)] as const);
  return { name: nameOf(service), methods: new Map(methods) };
}

function readMethod(service: protobuf.Service, method: protobuf.Method): GrpcMethod {
  const request = method.resolvedRequestType!;
  const response = method.resolvedResponseType!;
  return {
    name: method.name,
    path: `/${nameOf(service)}/${method.name}`,
    kind: kindOf(method),
    requestType: nameOf(request),
    responseType: nameOf(response),
    encode: messageEncoder(request),
    decode: messageDecoder(response),
    decodeRequest: (bytes) => messageDecoder(request)(bytes),
  };
}

/** Whether each side sends one message or a stream. */
export function kindOf({ requestStream, responseStream }: protobuf.Method): MethodKind {
  if (requestStream) return responseStream ? 'bidiStream' : 'clientStream';
  return responseStream ? 'serverStream' : 'unary';
}

/** `bank.Accounts` for `.bank.Accounts`. */
export function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}
