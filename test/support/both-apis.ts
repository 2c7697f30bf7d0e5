import { startGrpc, type GrpcAccess } from '../../packages/master/src/api/grpc/server.js';
import { STREAMS } from '../../packages/master/src/api/grpc/streams.js';
import { FakeRun, serveApi } from './control-api.js';
import { CONTROL_PROTO, ControlClient, failureOf, type CallFailure, type Message } from './grpc-control.js';
import { RecordingPlane } from './recording-plane.js';

/** Both control APIs over one run. */
export async function serve(run = new FakeRun(), access: Partial<GrpcAccess> = {}, host = '127.0.0.1') {
  const { refuse = () => {}, token = null } = access;
  const plane = new RecordingPlane(run);
  const rest = await serveApi({ run, plane, address: { host }, access: { token, ...access } });
  const address = { host, port: 0, proto: CONTROL_PROTO };
  const grpc = await startGrpc(address, plane, { token, ...access, refuse });
  const client = new ControlClient(grpc.address.replace('0.0.0.0', '127.0.0.1'));
  return {
    run,
    client,
    rest: { ...rest, url: `http://127.0.0.1:${rest.port}` },
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await grpc.close();
      await rest[Symbol.asyncDispose]();
    },
  };
}

/** A failed call of gRPC. */
export async function failed(
  client: ControlClient,
  name: string,
  request: Message,
  token?: string,
): Promise<CallFailure> {
  if (!STREAMS.some((stream) => stream.name === name))
    return await client.call(name, request, { token }).then(
      () => {
        throw new Error(`${name} did not fail`);
      },
      (failure: CallFailure) => failure,
    );
  try {
    for await (const _ of client.follow(request, { token }, name)) throw new Error(`${name} did not fail`);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error(`${name} did not fail`);
}
