import protobuf from 'protobufjs';
import { messageToJson } from './message-json.js';
import { WireReader } from './wire-reader.js';

// Keys of maps are texts in JSON and in JavaScript. protobufjs would make eight characters of a
// 64-bit key, one for each byte; its encoders and converters take decimal keys as well.
protobuf.util.longToHash = String;
// What `JSON.stringify` gives of a decoded message can be sent back.
protobuf.Message.prototype.toJSON = function (this: protobuf.Message) {
  return messageToJson(this) as Record<string, unknown>;
};

/**
 * protobufjs's own decoder. Only where a message can hold bytes, what is decoded is copied first:
 * protobufjs would hand out views of it, and it is only lent.
 */
export function messageDecoder(type: protobuf.Type): (bytes: Uint8Array) => object {
  if (holdsBytes(type)) return (bytes) => type.decode(new WireReader(Buffer.from(bytes)));
  return (bytes) => type.decode(new WireReader(asBuffer(bytes)));
}

function holdsBytes(type: protobuf.Type, seen = new Set<protobuf.Type>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return type.fieldsArray.some(
    (field) =>
      field.type === 'bytes' ||
      (field.resolvedType instanceof protobuf.Type && holdsBytes(field.resolvedType, seen)),
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
