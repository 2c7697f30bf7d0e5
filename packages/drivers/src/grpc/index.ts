/** gRPC for users: `@drumline/drivers/grpc`. Lanes whose scenario uses no gRPC do not load it. */
export type {
  BatchOptions,
  CallOptions,
  MetadataFields,
  MetadataValue,
  ServiceOptions,
  ServiceSpec,
  StreamOptions,
} from './client/options.js';
export type {
  GrpcService,
  GrpcTypes,
  MethodTypes,
  ServiceTypesOf,
  UntypedService,
} from './client/service.js';
export type {
  EncodedMessage,
  GrpcDuplex,
  GrpcEnding,
  GrpcErrorDetail,
  GrpcReply,
  GrpcStream,
  HealthReply,
  ReceivedMetadata,
  Sendable,
} from './client/types.js';
export { StatusCode, statusName, type StatusName } from './status.js';
export type * from './schema-contract.js';

/** The engines beneath, and the contract they share. */
export type * from './contract.js';
export { createNativeGrpcEngine } from './native/engine.js';
export { GrpcDriver, type GrpcDriverOptions } from './client/driver.js';
export { GrpcClient } from './client/client.js';
export type { CallObserver, CallTap } from './client/observed.js';

/** Schemas from .proto files, protosets and reflection. */
export { loadSchema, type LoadOptions } from './schema/load.js';
export { schemaFromJson, type ProtoSchema } from './schema/schema.js';
export { SchemaError } from './schema/schema-error.js';
export { errorDetailsOf } from './schema/error-details.js';
export { reflectSchema, type ReflectOptions } from './schema/reflection.js';
export { reflectTarget, type ReflectSettings } from './client/reflect.js';
export { writeTypes } from './schema/types/write-types.js';
export { describeService } from './schema/describe.js';
export { messageToJson } from './schema/message-json.js';

/** For inspecting a server. */
export { callPlainly, type PlainCall } from './client/plain-call.js';
