import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';
import { extensionName } from './encode/rules.js';

/**
 * A decoded message in its JSON form: https://protobuf.dev/programming-guides/json. Dates, enums
 * and 64-bit numbers are strings; bytes are base64. The printed form can be sent again.
 */
export function messageToJson(message: object): unknown {
  return message instanceof protobuf.Message ? toJson(message.$type as protobuf.Type, message) : message;
}

function toJson(type: protobuf.Type, message: object): unknown {
  try {
    return protojson.toJson(type, message as protobuf.Message);
  } catch {
    // A part of it has no JSON form, for example an `Any` of a type that is not in the schema.
    return isWellKnown(type)
      ? type.toObject(message as protobuf.Message, FIELDS)
      : fieldsToJson(type, message);
  }
}

/** A message of a well-known type as its fields, which can also be sent again. */
const FIELDS: protobuf.IConversionOptions = { longs: String, enums: String, bytes: String, json: true };

function isWellKnown({ fullName }: protobuf.Type): boolean {
  return fullName.startsWith('.google.protobuf.');
}

function isSet(value: unknown): value is object {
  if (value === undefined || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0 || value instanceof protobuf.Message;
}

/** Converts field by field, so that one without a JSON form does not affect the others. */
function fieldsToJson(type: protobuf.Type, message: object): object {
  const json: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = (message as Record<string, unknown>)[field.name];
    if (!Object.hasOwn(message, field.name) || !isSet(value)) continue;
    const { resolvedType } = field.resolve();
    const key = extensionName(field) ?? field.jsonName ?? field.name;
    if (!(resolvedType instanceof protobuf.Type)) {
      Object.assign(json, protojson.toJson(type, type.create({ [field.name]: value })));
    } else if (field.map) {
      const entries = Object.entries(value).map(([name, one]) => [name, toJson(resolvedType, one as object)]);
      json[key] = Object.fromEntries(entries);
    } else {
      json[key] = Array.isArray(value)
        ? value.map((one) => toJson(resolvedType, one as object))
        : toJson(resolvedType, value);
    }
  }
  return json;
}
