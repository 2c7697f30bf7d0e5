import protobuf from 'protobufjs';
import { messageToJson } from './message-json.js';
import { WireReader } from './wire-reader.js';

// Keys of maps are strings in JSON and in JavaScript. protobufjs would turn a 64-bit key into eight
// characters, one for each byte; its encoders and converters also accept decimal keys.
protobuf.util.longToHash = String;
// The output of `JSON.stringify` for a decoded message can be sent again.
protobuf.Message.prototype.toJSON = function (this: protobuf.Message) {
  return messageToJson(this) as Record<string, unknown>;
};

/**
 * The decoder of protobufjs. Messages that can contain bytes are copied before decoding: protobufjs
 * would return views of a buffer that is only valid during the call.
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
