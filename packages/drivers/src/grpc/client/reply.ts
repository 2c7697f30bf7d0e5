import { inspect, type InspectOptions } from 'node:util';
import type { GrpcEnd, RawMetadata } from '../contract.js';
import type { Call } from './call.js';
import { Ending, type ErrorDetailsOf } from './ending.js';
import type { GrpcReply } from './types.js';

// The message decoded last, over all replies of the lane. A reply does not hold its message: while
// a reply is awaited, the garbage collector moves its promise to the old generation. Large messages
// of replies that are no longer used would then look alive and be copied repeatedly.
let lastBytes: Uint8Array | undefined;
let lastMessage: unknown;

/** The reply of a call with one reply. Its message is decoded on first access. */
export class Reply<Response> extends Ending implements GrpcReply<Response> {
  readonly #call: Call;
  /** Undefined without a message that can be decoded. */
  #bytes: Uint8Array | undefined;

  constructor(
    end: GrpcEnd,
    call: Call,
    bytes: Uint8Array | undefined,
    headers: RawMetadata,
    errorDetailsOf: ErrorDetailsOf,
  ) {
    super(end, headers, errorDetailsOf);
    this.#call = call;
    this.#bytes = bytes;
  }

  get ok(): boolean {
    return this.#call.passes(this.code);
  }

  get message(): Response | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) return undefined;
    if (lastBytes === bytes) return lastMessage as Response;
    const { method } = this.#call.prepared;
    // Otherwise two messages would be alive during decoding, and the garbage collector would copy
    // both.
    lastBytes = lastMessage = undefined;
    try {
      lastMessage = method.decode(bytes);
      lastBytes = bytes;
      return lastMessage as Response;
    } catch {
      this.#bytes = undefined;
      this.fail(`the reply is not a ${method.responseType}`);
      return undefined;
    }
  }

  get failed(): boolean {
    return this.#call.failed;
  }

  get failure(): string | undefined {
    return this.#call.failure;
  }

  get traceId(): string | undefined {
    return this.#call.traceId;
  }

  fail(reason: string): void {
    this.#call.fail(reason);
  }

  [inspect.custom](_: number, options: InspectOptions): string {
    const { status, details, message, failure } = this;
    const durationMs = Math.round(this.durationMs * 1_000) / 1_000;
    return `GrpcReply ${inspect({ status, details, message, durationMs, failure }, options)}`;
  }
}
