import type {
  GrpcCall,
  GrpcEnd,
  GrpcEngine,
  GrpcEngineOptions,
  GrpcRequest,
  GrpcSession,
  RawMetadata,
} from '@drumline/drivers/grpc';
import { expect } from '@jest/globals';
import { closeAfterEach } from '../support/closing.js';

export type MakeEngine = (options: GrpcEngineOptions) => GrpcEngine;

/** The progress of a call. */
export interface StartedCall extends GrpcCall {
  readonly headers: readonly RawMetadata[];
  readonly messages: readonly Buffer[];
  /** When the last byte of each message arrived. */
  readonly messagesAtMs: readonly number[];
  readonly drains: number;
  /** Never rejects. */
  readonly done: Promise<GrpcEnd>;
}

/** Engines under test, closed after each test together with the servers. */
export function grpcBench(makeEngine: MakeEngine) {
  const closing = closeAfterEach();
  const now = (): number => performance.now();
  const engine = (origin: string, options: Partial<GrpcEngineOptions> = {}): Promise<GrpcEngine> =>
    closing(makeEngine({ now, origin, ...options }));
  return {
    closing,
    engine,
    async session(origin: string, options: Partial<GrpcEngineOptions> = {}): Promise<GrpcSession> {
      return (await engine(origin, options)).openSession();
    },
  };
}

export const METHOD = '/test.Service/Method';
const NO_METADATA: RawMetadata = Object.freeze([]);

/** Starts a call of `METHOD`, by default without metadata and deadline. */
export function start(session: GrpcSession, request: Partial<GrpcRequest> = {}): StartedCall {
  const headers: RawMetadata[] = [];
  const messages: Buffer[] = [];
  const messagesAtMs: number[] = [];
  let drains = 0;
  let returned = false;
  let over = false;
  let settle!: (end: GrpcEnd) => void;
  const done = new Promise<GrpcEnd>((resolve) => (settle = resolve));
  const called = (): void => {
    // Rules for every engine in every test
    expect({ returned, over }).toEqual({ returned: true, over: false });
  };
  const call = session.start(
    { path: METHOD, metadata: NO_METADATA, deadlineMs: 0, ...request },
    {
      onHeaders(metadata) {
        called();
        headers.push(metadata);
      },
      onMessage(bytes, atMs) {
        called();
        messages.push(Buffer.from(bytes));
        messagesAtMs.push(atMs);
      },
      onDrain() {
        called();
        drains++;
      },
      onEnd(end) {
        called();
        over = true;
        settle(end);
      },
    },
  );
  returned = true;
  return {
    headers,
    messages,
    messagesAtMs,
    get drains() {
      return drains;
    },
    done,
    send: (message) => call.send(message),
    endSend: () => call.endSend(),
    cancel: (reason) => call.cancel(reason),
    pause: () => call.pause(),
    resume: () => call.resume(),
  };
}

/** Makes a call with one message and awaits its end. */
export async function ask(
  session: GrpcSession,
  message: Uint8Array | string,
  request: Partial<GrpcRequest> = {},
): Promise<{ readonly end: GrpcEnd; readonly call: StartedCall }> {
  const call = start(session, { message: Buffer.from(message), ...request });
  return { call, end: await call.done };
}

/** The values of a name, in order. */
export function valuesOf(metadata: RawMetadata, name: string): string[] {
  return metadata.flatMap((text, i) => (i % 2 === 0 && text === name ? [metadata[i + 1]!] : []));
}
