import type { CallTap, GrpcMethod, GrpcRequest } from '@drumline/drivers/grpc';
import { bodyOf, pairsOf } from './bodies.js';
import type { DebugBody, DebugGrpcCall, DebugHeaders } from './events.js';

/** The most messages of a call that are kept in each direction. */
const MAX_MESSAGES = 100;

type GrpcEnd = Parameters<CallTap['onEnd']>[0];

/** Captures one gRPC call. */
export class GrpcCapture implements CallTap {
  private readonly sent: DebugBody[] = [];
  private readonly received: DebugBody[] = [];
  private responseMetadata: DebugHeaders = [];
  private end: GrpcEnd | undefined;
  private status = '';

  /** @param onEnded called before the call is counted */
  constructor(
    private readonly request: GrpcRequest,
    private readonly method: GrpcMethod,
    private readonly toUnixMs: (atMs: number) => number,
    private readonly onEnded: (capture: GrpcCapture) => void,
  ) {}

  onSend(bytes: Uint8Array): void {
    if (this.sent.length < MAX_MESSAGES) this.sent.push(show(bytes, this.method.decodeRequest));
  }

  onHeaders(metadata: readonly string[]): void {
    this.responseMetadata = pairsOf(metadata);
  }

  onMessage(bytes: Uint8Array): void {
    if (this.received.length < MAX_MESSAGES) this.received.push(show(bytes, this.method.decode));
  }

  onEnd(end: GrpcEnd, status: string): void {
    this.end = end;
    this.status = status;
    this.onEnded(this);
  }

  call(): DebugGrpcCall {
    const { message, trailers, timing } = this.end!;
    return {
      startedAt: this.toUnixMs(timing.startedAtMs),
      path: this.request.path,
      requestMetadata: pairsOf(this.request.metadata),
      sent: this.sent,
      responseMetadata: this.responseMetadata,
      received: this.received,
      status: this.status,
      message,
      trailers: pairsOf(trailers),
    };
  }
}

/** The message in its JSON form, or as bytes if it cannot be decoded. */
function show(bytes: Uint8Array, decode: ((bytes: Uint8Array) => object) | undefined): DebugBody {
  try {
    if (decode !== undefined) return bodyOf(JSON.stringify(decode(bytes)));
  } catch {
    // Shown as it was sent.
  }
  return bodyOf(bytes);
}
