import type {
  MethodDefinition,
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { messageOf } from '@drumline/model';
import { requestCheck } from '@drumline/wire';
import protobuf from 'protobufjs';
import type { ControlPlane } from '../../service/control-plane.js';
import { roleOfCall, type RefusalOf } from './admission.js';
import { failure, failureOf, type Failure } from './failure.js';
import { CALLS } from './calls.js';
import { planeOf, type Operation } from './operations.js';
import { STREAMS, type StreamOperation } from './streams.js';
import type { EventStreams } from './event-streams.js';
import type { Service } from './reflection.js';
import { shapeOf, toMessage } from './shape.js';

export const CONTROL_SERVICE = 'drumline.control.v1.Control';

interface Surroundings {
  readonly control: ControlPlane;
  readonly refusalOf: RefusalOf;
  readonly streams: EventStreams;
}

/** The control API as a service. @param proto the text of control.proto */
export function controlService(proto: string, { control, refusalOf, streams }: Surroundings): Service {
  const { root } = protobuf.parse(proto, new protobuf.Root());
  const definition: Record<string, MethodDefinition<object, unknown>> = {};
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const operation of CALLS) {
    definition[operation.name] = methodOf(root, operation, false);
    handlers[operation.name] = handlerOf(operation, control, refusalOf);
  }
  for (const operation of STREAMS) {
    definition[operation.name] = methodOf(root, operation, true);
    handlers[operation.name] = streamHandlerOf(operation, { control, refusalOf, streams });
  }
  return { definition, handlers };
}

/** A request that is not its message. If decoding threw, the library would answer INTERNAL. */
class UnreadableRequest {
  constructor(readonly problem: string) {}
}

function methodOf(
  root: protobuf.Root,
  { name, request, response }: Omit<Operation, 'call'>,
  responseStream: boolean,
): MethodDefinition<object, unknown> {
  const requests = root.lookupType(`drumline.control.v1.${request[0]}`);
  const responses = root.lookupType(`drumline.control.v1.${response[0]}`);
  const shape = shapeOf(response[1]);
  return {
    path: `/${CONTROL_SERVICE}/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: (value) => Buffer.from(requests.encode(value).finish()),
    requestDeserialize: (bytes) => {
      try {
        return requests.toObject(requests.decode(bytes), { longs: Number, defaults: false });
      } catch (error) {
        return new UnreadableRequest(`the bytes are not a ${request[0]}: ${messageOf(error)}`);
      }
    },
    responseSerialize: (view) => Buffer.from(responses.encode(toMessage(shape, view) as object).finish()),
    responseDeserialize: (bytes) => responses.decode(bytes),
  };
}

function handlerOf(
  { rest, request, call: act }: Operation,
  control: ControlPlane,
  refusalOf: RefusalOf,
): UntypedHandleCall {
  const problemOf = checkOf(request[1]);
  const handle = async (
    call: ServerUnaryCall<object, unknown>,
    answer: sendUnaryData<unknown>,
  ): Promise<void> => {
    const refusal = refusalOf(call, rest) ?? problemOf(call.request);
    if (refusal) return answer(refusal);
    try {
      answer(null, await act(control, call.request as never, roleOfCall(call)));
    } catch (error) {
      answer(failureOf(error));
    }
  };
  return ((call: ServerUnaryCall<object, unknown>, answer: sendUnaryData<unknown>) =>
    void handle(call, answer)) as UntypedHandleCall;
}

function streamHandlerOf(
  { rest, request, follow }: StreamOperation,
  { control, refusalOf, streams }: Surroundings,
): UntypedHandleCall {
  const problemOf = checkOf(request[1]);
  const handle = (call: ServerWritableStream<{ run?: string; after?: number }, unknown>): void => {
    const refusal = refusalOf(call, rest) ?? problemOf(call.request);
    if (refusal) return void call.emit('error', refusal);
    try {
      const run = planeOf(control, call.request.run);
      streams.serve(call, (reader) => follow(run, call.request, reader));
    } catch (error) {
      call.emit('error', failureOf(error));
    }
  };
  return handle as UntypedHandleCall;
}

/** Why a request is refused, if its values are wrong. */
function checkOf(schema: Parameters<typeof requestCheck>[0]): (request: object) => Failure | undefined {
  const check = requestCheck(schema);
  return (request) => {
    const problem = request instanceof UnreadableRequest ? request.problem : check(request);
    return problem === undefined ? undefined : failure('argument-invalid', problem);
  };
}
