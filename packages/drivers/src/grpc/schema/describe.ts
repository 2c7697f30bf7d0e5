import protobuf from 'protobufjs';
import { kindOf, nameOf, servicesIn, type ProtoSchema } from './schema.js';
import { reachedFrom } from './types/reach.js';

/**
 * Describes a service in .proto syntax: its methods, with their messages and enums.
 * @throws TypeError that lists the services of the schema
 */
export function describeService(schema: ProtoSchema, name: string): string {
  schema.service(name);
  const service = [...servicesIn(schema.root)].find((one) => nameOf(one) === name)!;
  const messages = service.methodsArray.flatMap(({ resolvedRequestType, resolvedResponseType }) => [
    resolvedRequestType!,
    resolvedResponseType!,
  ]);
  const types = [...reachedFrom(messages)].filter((type) => !nameOf(type).startsWith('google.protobuf.'));
  return [describeMethods(service), ...types.map(describeType)].join('\n\n');
}

function describeMethods(service: protobuf.Service): string {
  const methods = service.methodsArray.map((method) => {
    const [sends, returns] = STREAMS[kindOf(method)];
    const { resolvedRequestType: request, resolvedResponseType: response } = method;
    return `${comment(method)}  rpc ${method.name}(${sends}${nameOf(request!)}) returns (${returns}${nameOf(response!)});`;
  });
  return block(`service ${nameOf(service)}`, methods);
}

const STREAMS = {
  unary: ['', ''],
  serverStream: ['', 'stream '],
  clientStream: ['stream ', ''],
  bidiStream: ['stream ', 'stream '],
} as const;

function describeType(type: protobuf.Type | protobuf.Enum): string {
  if (type instanceof protobuf.Enum) {
    return block(
      `enum ${nameOf(type)}`,
      Object.entries(type.values).map(([name, value]) => `  ${name} = ${value};`),
    );
  }
  return block(
    `message ${nameOf(type)}`,
    type.fieldsArray.map((field) => `${comment(field)}  ${describeField(field)}`),
  );
}

function describeField(field: protobuf.Field): string {
  const value = field.resolvedType === null ? field.type : nameOf(field.resolvedType);
  const type = field instanceof protobuf.MapField ? `map<${field.keyType}, ${value}>` : value;
  const rule = field.repeated ? 'repeated ' : field.required ? 'required ' : '';
  const oneof = field.partOf && !field.partOf.isProto3Optional ? ` // one of ${field.partOf.name}` : '';
  return `${rule}${type} ${field.protoName ?? field.name} = ${field.id};${oneof}`;
}

function block(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} {}` : `${head} {\n${lines.join('\n')}\n}`;
}

function comment({ comment: text }: protobuf.ReflectionObject): string {
  return (text ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  // ${line.trim()}\n`)
    .join('');
}
