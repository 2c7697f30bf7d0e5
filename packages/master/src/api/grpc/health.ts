import {
  status,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Service } from './reflection.js';

/** https://github.com/grpc/grpc-proto/blob/master/grpc/health/v1/health.proto (Apache 2.0). */
export const HEALTH_PROTO = `
syntax = "proto3";
package grpc.health.v1;

message HealthCheckRequest {
  string service = 1;
}
message HealthCheckResponse {
  enum ServingStatus {
    UNKNOWN = 0;
    SERVING = 1;
    NOT_SERVING = 2;
    SERVICE_UNKNOWN = 3;
  }
  ServingStatus status = 1;
}
service Health {
  rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
  rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
}
`;

interface Request {
  readonly service: string;
}

/**
 * The health service. It needs no token, because the probes of orchestrators have none, and says
 * nothing but that the master answers.
 * @param services names of the services; the empty name is the whole server
 */
export function healthService(services: readonly string[]): Service {
  const { root } = protobuf.parse(HEALTH_PROTO, new protobuf.Root());
  const requests = root.lookupType('grpc.health.v1.HealthCheckRequest');
  const responses = root.lookupType('grpc.health.v1.HealthCheckResponse');
  const isKnown = (service: string): boolean => service === '' || services.includes(service);
  const methodOf = (name: string, responseStream: boolean) => ({
    path: `/grpc.health.v1.Health/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: (request: object) => Buffer.from(requests.encode(request).finish()),
    requestDeserialize: (bytes: Buffer) => requests.decode(bytes),
    responseSerialize: (response: object) => Buffer.from(responses.encode(response).finish()),
    responseDeserialize: (bytes: Buffer) => responses.decode(bytes),
  });
  const check = (
    { request }: ServerUnaryCall<Request, object>,
    answer: (error: object | null, response?: object) => void,
  ): void => {
    if (isKnown(request.service)) answer(null, { status: 1 });
    else answer({ code: status.NOT_FOUND, details: 'there is no such service' });
  };
  const watch = (call: ServerWritableStream<Request, object>): void => {
    call.write({ status: isKnown(call.request.service) ? 1 : 3 });
  };
  return {
    definition: { check: methodOf('Check', false), watch: methodOf('Watch', true) },
    handlers: { check: check as UntypedHandleCall, watch: watch as UntypedHandleCall },
  };
}
