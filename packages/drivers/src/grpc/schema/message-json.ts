import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

/** A decoded message as people write it: dates as text, enums by name, bytes as base64, 64-bit numbers as text. */
export function messageToJson(message: object): unknown {
  if (!(message instanceof protobuf.Message)) return message;
  try {
    return protojson.toJson(message.$type as protobuf.Type, message);
  } catch {
    // It holds an Any of a type that the schema does not have.
    return message.toJSON();
  }
}
