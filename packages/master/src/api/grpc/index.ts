/** The description of the gRPC control API, for the script that writes its .proto file. */
export { writeControlProto } from './proto-text.js';
