import protobuf from 'protobufjs';
import { isAnyJson } from '../encode/well-known.js';
import { nameOf } from '../schema.js';
import { inputName } from './type-names.js';

/** The types of messages as they may be sent, and as protobufjs decodes them. */
export type Direction = 'sent' | 'received';

const NUMBER = { sent: 'number', received: 'number' };
const LONG = { sent: 'number | bigint | string | Long', received: 'Long' };

const SCALARS: Readonly<Record<string, Readonly<Record<Direction, string>>>> = {
  int32: NUMBER,
  sint32: NUMBER,
  sfixed32: NUMBER,
  uint32: NUMBER,
  fixed32: NUMBER,
  float: NUMBER,
  double: NUMBER,
  int64: LONG,
  sint64: LONG,
  sfixed64: LONG,
  uint64: LONG,
  fixed64: LONG,
  bool: { sent: 'boolean', received: 'boolean' },
  string: { sent: 'string', received: 'string' },
  bytes: { sent: 'Uint8Array | string', received: 'Uint8Array' },
};

/** What may be sent in place of a message of a well-known type. */
const JSON_FORMS: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'Date | string',
  'google.protobuf.Duration': 'string',
  'google.protobuf.FieldMask': 'string',
  'google.protobuf.Struct': '{ readonly [key: string]: unknown }',
  'google.protobuf.Value': 'unknown',
  'google.protobuf.ListValue': 'readonly unknown[]',
  'google.protobuf.Any': "{ readonly '@type': string; readonly [field: string]: unknown }",
  'google.protobuf.DoubleValue': 'number',
  'google.protobuf.FloatValue': 'number',
  'google.protobuf.Int32Value': 'number',
  'google.protobuf.UInt32Value': 'number',
  'google.protobuf.Int64Value': 'number | bigint | string',
  'google.protobuf.UInt64Value': 'number | bigint | string',
  'google.protobuf.BoolValue': 'boolean',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.BytesValue': 'Uint8Array | string',
};

/** The complete TypeScript type of a field. */
export function fieldType(
  field: protobuf.Field,
  direction: Direction,
  names: ReadonlyMap<protobuf.ReflectionObject, string>,
): string {
  const value = valueType(field, direction, names);
  if (field.map) return `{ readonly [key: string]: ${value} }`;
  return field.repeated ? `readonly ${value.includes(' ') ? `(${value})` : value}[]` : value;
}

function valueType(
  field: protobuf.Field,
  direction: Direction,
  names: ReadonlyMap<protobuf.ReflectionObject, string>,
): string {
  const type = field.resolvedType;
  if (type === null) return SCALARS[field.type]![direction];
  const name = names.get(type)!;
  if (type instanceof protobuf.Enum) return direction === 'sent' ? `${name} | number` : 'number';
  if (direction === 'received') return name;
  const json = JSON_FORMS[nameOf(type)];
  if (json !== undefined && isAnyJson(type)) return json;
  return json === undefined ? inputName(name) : `${inputName(name)} | ${json}`;
}

/** Whether a decoded message always has the field, with its default if nothing was sent. */
export function isAlwaysThere(field: protobuf.Field): boolean {
  if (field.partOf?.isProto3Optional) return false;
  return field.repeated || field.map || field.required || !(field.resolvedType instanceof protobuf.Type);
}
