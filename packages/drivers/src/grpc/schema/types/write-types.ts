import protobuf from 'protobufjs';
import { kindOf, nameOf, servicesIn, type ProtoSchema } from '../schema.js';
import { fieldType, isAlwaysThere, type Direction } from './field-types.js';
import { reachedFrom } from './reach.js';
import { inputName, typeNames } from './type-names.js';

const LONG = `/** A 64-bit whole number, as it comes. */
export interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
  /** Exact up to 2^53. */
  toNumber(): number;
  toBigInt(): bigint;
  toString(): string;
}`;

/**
 * Declarations that teach the compiler the services of a schema:
 * \`grpc.load(…).service('bank.Accounts')\` then knows its methods and messages.
 * @param head lines of a comment at the top
 */
export function writeTypes({ root }: ProtoSchema, head: readonly string[]): string {
  const services = [...servicesIn(root)];
  const methods = services.flatMap(({ methodsArray }) => methodsArray);
  const sent = reachedFrom(methods.map(({ resolvedRequestType }) => resolvedRequestType!));
  const received = reachedFrom(methods.map(({ resolvedResponseType }) => resolvedResponseType!));
  const names = typeNames(new Set([...sent, ...received]));
  const declarations = [...names].flatMap(([type, name]) => {
    if (type instanceof protobuf.Enum) return sent.has(type) ? [enumType(type, name)] : [];
    if (!(type instanceof protobuf.Type)) return [];
    return [
      ...(sent.has(type) ? [message(type, inputName(name), 'sent', names)] : []),
      ...(received.has(type) ? [message(type, name, 'received', names)] : []),
    ];
  });
  return [
    head.map((line) => `// ${line}\n`).join('') + `import 'drumline';`,
    `declare module 'drumline' {\n  interface GrpcTypes {\n${services.map((service) => serviceType(service, names)).join('\n')}\n  }\n}`,
    ...(declarations.some((text) => /\bLong\b/.test(text)) ? [LONG] : []),
    ...declarations,
  ]
    .join('\n\n')
    .concat('\n');
}

type Names = ReadonlyMap<protobuf.ReflectionObject, string>;

function serviceType(service: protobuf.Service, names: Names): string {
  const methods = service.methodsArray.map((method) => {
    const request = inputName(names.get(method.resolvedRequestType!)!);
    const response = names.get(method.resolvedResponseType!)!;
    return `${comment(method, '      ')}      ${method.name}: { kind: '${kindOf(method)}'; request: ${request}; response: ${response} };\n`;
  });
  return `${comment(service, '    ')}    '${nameOf(service)}': {\n${methods.join('')}    };`;
}

function message(type: protobuf.Type, name: string, direction: Direction, names: Names): string {
  const fields = type.fieldsArray.map((field) => {
    const isSure = direction === 'sent' ? field.required : isAlwaysThere(field);
    const absent = isSure ? '' : ' | null';
    return `${comment(field, '  ')}  readonly ${field.name}${isSure ? '' : '?'}: ${fieldType(field, direction, names)}${absent};\n`;
  });
  return `${comment(type, '', ` \`${nameOf(type)}\`${direction === 'sent' ? ', to be sent' : ''}`)}export interface ${name} {\n${fields.join('')}}`;
}

function enumType(type: protobuf.Enum, name: string): string {
  const values = Object.keys(type.values).map((value) => `'${value}'`);
  const numbers = Object.entries(type.values).map(([value, number]) => `${value} = ${number}`);
  return `${comment(type, '', `Comes as a number: ${numbers.join(', ')}`)}export type ${name} = ${values.join(' | ')};`;
}

/** The comment in the .proto file, if there is one. */
function comment({ comment: text }: protobuf.ReflectionObject, indent: string, otherwise = ''): string {
  const lines = (text ?? otherwise.trim())
    .replaceAll('*/', '* /')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]!.trim()} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line.trimEnd()}\n`).join('')}${indent} */\n`;
}
