import { messageOf } from '@drumline/model';
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

const isText = (value: unknown): boolean => typeof value === 'string';
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value instanceof Uint8Array;
const isNot =
  (...fields: string[]) =>
  (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !Object.keys(value).every((key) => fields.includes(key));

/** When a value for a well-known type is not the message itself but its JSON form: https://protobuf.dev/programming-guides/json */
const JSON_FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Timestamp: (value) => isText(value) || value instanceof Date,
  Duration: isText,
  FieldMask: isText,
  Struct: isNot('fields'),
  ListValue: Array.isArray,
  Value: isNot('nullValue', 'numberValue', 'stringValue', 'boolValue', 'structValue', 'listValue'),
  Any: (value) => typeof value === 'object' && value !== null && '@type' in value,
  DoubleValue: isPlain,
  FloatValue: isPlain,
  Int64Value: isPlain,
  UInt64Value: isPlain,
  Int32Value: isPlain,
  UInt32Value: isPlain,
  BoolValue: isPlain,
  StringValue: isPlain,
  BytesValue: isPlain,
};

/** The message for a value in the JSON form of a well-known type, or for a Date; undefined if it is none. */
export function fromWellKnown(
  value: unknown,
  type: protobuf.Type,
  path: string,
  problems: string[],
): object | undefined {
  if (!type.fullName.startsWith('.google.protobuf.') || JSON_FORMS[type.name]?.(value) !== true)
    return undefined;
  try {
    return protojson.fromJson(type, jsonOf(value));
  } catch (error) {
    problems.push(`${path}: ${messageOf(error)}`);
    return {};
  }
}

function jsonOf(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? String(value) : value;
}
