import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { bidi, type TestMethod } from '../contract/support/grpc-servers.js';

// Those parts of https://github.com/grpc/grpc-proto/blob/master/grpc/reflection/v1/reflection.proto that clients need.
const REFLECTION = protobuf.parse(`
  syntax = "proto3";
  message Request {
    oneof question { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; }
  }
  message Response {
    oneof answer { Files files = 4; Services services = 6; }
  }
  message Files { repeated bytes file = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }
`).root;
const Request = REFLECTION.lookupType('Request');
const Response = REFLECTION.lookupType('Response');

/** What a server says of itself: services that are all in one package. */
export function reflectionOf(root: protobuf.Root, services: readonly string[]): Record<string, TestMethod> {
  const { file } = (
    root as unknown as { toDescriptor(syntax: string): { file: { toJSON(): object }[] } }
  ).toDescriptor('proto3');
  const files = {
    file: file.map((one) => descriptor.FileDescriptorProto.encode(one).finish()),
  };
  const list = { service: services.map((name) => ({ name })) };
  return {
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': bidi((call) => {
      call.on('data', (bytes: Buffer) => {
        const asked = Request.decode(bytes) as unknown as { listServices?: string };
        const answer = asked.listServices ? { services: list } : { files };
        call.write(Buffer.from(Response.encode(answer).finish()));
      });
      call.on('end', () => call.end());
    }),
  };
}
