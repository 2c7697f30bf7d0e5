import { messageOf } from '@drumline/model';
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

const isText = (value: unknown): boolean => typeof value === 'string';
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value instanceof Uint8Array;
const isNoMessage = (value: unknown): boolean => !(value instanceof protobuf.Message);

/** Types whose JSON form may be any object. Anything but a decoded message is taken as JSON. */
const ANY_JSON = ['.google.protobuf.Value', '.google.protobuf.Struct', '.google.protobuf.ListValue'];

/** Whether a plain object for this type is its JSON form and not its fields. */
export function isAnyJson({ fullName }: protobuf.Type): boolean {
  return ANY_JSON.includes(fullName);
}

/** Whether `null` is a value of the type, and not an absent field. */
export function takesNull(type: protobuf.ReflectionObject | null): boolean {
  return type?.fullName === '.google.protobuf.Value' || type?.fullName === '.google.protobuf.NullValue';
}

/**
 * Whether a value for a well-known type is its JSON form and not the message:
 * https://protobuf.dev/programming-guides/json
 */
const JSON_FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Timestamp: (value) => isText(value) || value instanceof Date,
  Duration: isText,
  FieldMask: isText,
  Struct: isNoMessage,
  ListValue: isNoMessage,
  Value: isNoMessage,
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

/** The message for the JSON form of a well-known type, or for a Date; undefined for other types. */
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
