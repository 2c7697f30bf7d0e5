import type { GrpcEnd, GrpcEngine, GrpcHandler, GrpcRequest } from '../contract.js';
import type { GrpcMethod } from '../schema-contract.js';
import { statusName, type StatusName } from '../status.js';
import type { Call } from './call.js';

/** Receives the events of a gRPC call, for debugging. */
export interface CallTap {
  /** A message to the server, encoded. */
  onSend(bytes: Uint8Array): void;
  readonly onHeaders: NonNullable<GrpcHandler['onHeaders']>;
  readonly onMessage: GrpcHandler['onMessage'];
  /** @param status its name, such as `NOT_FOUND` */
  onEnd(end: GrpcEnd, status: StatusName): void;
}

/** Called for each gRPC call that is handed to the engine. `method` decodes its messages. */
export type CallObserver = (request: GrpcRequest, method: GrpcMethod, call: object) => CallTap;

/** An engine whose calls are observed. */
export function observedEngine(engine: GrpcEngine, observe: CallObserver): GrpcEngine {
  return {
    openSession: () => {
      const session = engine.openSession();
      return {
        start: (request, handler) => {
          const tap = observe(request, (handler as Call).prepared.method, handler);
          if (request.message !== undefined) tap.onSend(request.message);
          const call = session.start(request, tapped(handler, tap));
          return {
            send: (message) => {
              tap.onSend(message);
              return call.send(message);
            },
            endSend: () => call.endSend(),
            cancel: (reason) => call.cancel(reason),
            pause: () => call.pause(),
            resume: () => call.resume(),
          };
        },
        close: () => session.close(),
      };
    },
    close: () => engine.close(),
  };
}

function tapped(handler: GrpcHandler, tap: CallTap): GrpcHandler {
  return {
    onHeaders: (metadata, startedAtMs) => {
      tap.onHeaders(metadata, startedAtMs);
      handler.onHeaders?.(metadata, startedAtMs);
    },
    onMessage: (bytes, atMs) => {
      tap.onMessage(bytes, atMs);
      handler.onMessage(bytes, atMs);
    },
    onDrain: () => handler.onDrain?.(),
    onEnd: (end) => {
      tap.onEnd(end, statusName(end.status));
      handler.onEnd(end);
    },
  };
}
