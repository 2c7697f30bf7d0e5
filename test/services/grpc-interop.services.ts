// The gRPC interoperability cases, against the server of gRPC for Go:
// https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { GrpcDriver, schemaFromJson, type GrpcService } from '@drumline/drivers/grpc';
import type { Sample } from '@drumline/model';
import { freePort, isListening } from '../support/processes.js';

/** The messages and methods that the cases need. */
const TESTING = `
syntax = "proto3";
package grpc.testing;
message Empty {}
message Payload { int32 type = 1; bytes body = 2; }
message EchoStatus { int32 code = 1; string message = 2; }
message ResponseParameters { int32 size = 1; int32 interval_us = 2; }
message SimpleRequest { int32 response_type = 1; int32 response_size = 2; Payload payload = 3; EchoStatus response_status = 7; }
message SimpleResponse { Payload payload = 1; }
message StreamingInputCallRequest { Payload payload = 1; }
message StreamingInputCallResponse { int32 aggregated_payload_size = 1; }
message StreamingOutputCallRequest { repeated ResponseParameters response_parameters = 2; Payload payload = 3; EchoStatus response_status = 7; }
message StreamingOutputCallResponse { Payload payload = 1; }
service TestService {
  rpc EmptyCall(Empty) returns (Empty);
  rpc UnaryCall(SimpleRequest) returns (SimpleResponse);
  rpc StreamingOutputCall(StreamingOutputCallRequest) returns (stream StreamingOutputCallResponse);
  rpc StreamingInputCall(stream StreamingInputCallRequest) returns (StreamingInputCallResponse);
  rpc FullDuplexCall(stream StreamingOutputCallRequest) returns (stream StreamingOutputCallResponse);
  rpc UnimplementedCall(Empty) returns (Empty);
}
service UnimplementedService { rpc UnimplementedCall(Empty) returns (Empty); }
`;

const SERVER = 'grpc-interop-server';
const hasServer = spawnSync('which', [SERVER]).status === 0;
const withServer = hasServer ? describe : describe.skip;

interface Replied {
  readonly payload: { readonly body: Uint8Array };
}

withServer(`gRPC for Go${hasServer ? '' : ` (skipped: no ${SERVER})`}`, () => {
  let server: ChildProcess;
  let lane: GrpcDriver;
  let service: GrpcService;
  let unimplemented: GrpcService;
  let samples: Sample[];

  beforeAll(async () => {
    const port = await freePort();
    server = spawn(SERVER, [`--port=${port}`], { stdio: 'ignore' });
    const target = `127.0.0.1:${port}`;
    while (!(await isListening(`tcp://${target}`))) await new Promise((resolve) => setTimeout(resolve, 50));
    const root = protobuf.parse(TESTING, new protobuf.Root()).root;
    const schema = schemaFromJson(root.toJSON());
    const specs = ['TestService', 'UnimplementedService'].map((name) => ({
      schema,
      service: `grpc.testing.${name}`,
      options: { target },
    }));
    samples = [];
    lane = await GrpcDriver.open({
      now: () => performance.now(),
      services: specs,
      onSample: (sample) => samples.push(sample),
      onLateFailure: () => {},
    });
    const client = lane.openClient({ user: 'tester' });
    [service, unimplemented] = specs.map((spec) => client.of(spec)) as [GrpcService, GrpcService];
  });
  afterAll(async () => {
    await lane.close();
    server.kill('SIGKILL');
    await once(server, 'exit');
  });

  const sizeOf = (message: unknown): number => (message as Replied).payload.body.length;

  test('empty_unary', async () => {
    expect((await service.call('EmptyCall')).status).toBe('OK');
  });

  test('large_unary', async () => {
    const payload = { body: new Uint8Array(271_828) };
    const reply = await service.call('UnaryCall', { responseSize: 314_159, payload });
    expect(sizeOf(reply.message)).toBe(314_159);
  });

  test('client_streaming', async () => {
    const messages = [27_182, 8, 1_828, 45_904].map((size) => ({ payload: { body: new Uint8Array(size) } }));
    const reply = await service.send('StreamingInputCall', messages);
    expect(reply.message).toEqual(expect.objectContaining({ aggregatedPayloadSize: 74_922 }));
  });

  test('server_streaming', async () => {
    const sizes = [31_415, 9, 2_653, 58_979];
    const responseParameters = sizes.map((size) => ({ size }));
    const received: number[] = [];
    for await (const message of service.stream('StreamingOutputCall', { responseParameters }))
      received.push(sizeOf(message));
    expect(received).toEqual(sizes);
  });

  test('ping_pong', async () => {
    const duplex = service.open('FullDuplexCall');
    const messages = duplex[Symbol.asyncIterator]();
    for (const [size, sent] of [
      [31_415, 27_182],
      [9, 8],
      [2_653, 1_828],
      [58_979, 45_904],
    ] as const) {
      await duplex.send({ responseParameters: [{ size }], payload: { body: new Uint8Array(sent) } });
      expect(sizeOf((await messages.next()).value)).toBe(size);
    }
    duplex.end();
    expect((await messages.next()).done).toBe(true);
    expect(duplex.status).toBe('OK');
  });

  test('empty_stream', async () => {
    const duplex = service.open('FullDuplexCall');
    duplex.end();
    for await (const _ of duplex) throw new Error('no message was expected');
    expect(duplex.status).toBe('OK');
  });

  test('timeout_on_sleeping_server', async () => {
    const parameters = { responseParameters: [{ size: 1, intervalUs: 5_000_000 }] };
    const stream = service.stream('StreamingOutputCall', parameters, { deadline: '20ms' });
    for await (const _ of stream) throw new Error('no message was expected');
    expect(stream.status).toBe('DEADLINE_EXCEEDED');
  });

  test('cancel_after_begin', async () => {
    const stream = service.open('FullDuplexCall');
    stream.cancel();
    for await (const _ of stream) throw new Error('no message was expected');
    expect(stream.status).toBe('CANCELLED');
  });

  test('status_code_and_message, special_status_message', async () => {
    for (const message of [
      'test status message',
      '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n',
    ]) {
      const reply = await service.call('UnaryCall', { responseStatus: { code: 2, message } });
      expect([reply.status, reply.details]).toEqual(['UNKNOWN', message]);
    }
  });

  test('unimplemented_method, unimplemented_service', async () => {
    expect((await service.call('UnimplementedCall')).status).toBe('UNIMPLEMENTED');
    expect((await unimplemented.call('UnimplementedCall')).status).toBe('UNIMPLEMENTED');
  });

  test('custom_metadata', async () => {
    const metadata = {
      'x-grpc-test-echo-initial': 'test_initial_metadata_value',
      'x-grpc-test-echo-trailing-bin': Buffer.from('ababab', 'hex'),
    };
    const reply = await service.call('UnaryCall', { responseSize: 1 }, { metadata });
    expect(reply.metadata.get('x-grpc-test-echo-initial')).toBe('test_initial_metadata_value');
    expect(Buffer.from(reply.trailers.bytes('x-grpc-test-echo-trailing-bin')!).toString('hex')).toBe(
      'ababab',
    );
  });

  // Frames in flight after the client's own reset must not count as an attack.
  test('repeatedly leaving streams of small messages breaks no other call', async () => {
    const responseParameters = Array.from({ length: 20_000 }, () => ({ size: 1 }));
    const request = service.encoded('StreamingOutputCall', { responseParameters });
    samples.length = 0;
    for (let round = 0; round < 300; round += 1) {
      let seen = 0;
      for await (const _ of service.stream('StreamingOutputCall', request)) if ((seen += 1) === 3) break;
      expect((await service.call('EmptyCall')).status).toBe('OK');
    }
    expect(samples.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });
});
