import { reasonOf, reasonOfThrown, type Verdict } from '../../calls/verdict.js';
import { deliverSoon, type Delivery } from '../../dial/turn-end.js';
import { malformed } from '../../engine/failure.js';
import type { GrpcEnd } from '../contract.js';
import { StatusCode } from '../status.js';
import { Call, type CallOwner } from './call.js';
import type { PreparedCall } from './prepared-call.js';
import { Reply } from './reply.js';
import { SendSide } from './send-side.js';
import type { GrpcReply } from './types.js';

/** A call with one reply: unary, or with a stream of messages to the server. */
export class ReplyCall<Response> extends Call implements Delivery {
  received = 0;
  readonly done: Promise<GrpcReply<Response>>;
  #resolve!: (reply: GrpcReply<Response>) => void;
  #reject!: (reason: Error) => void;
  #bytes: Uint8Array | undefined;
  #reply: GrpcReply<Response> | undefined;
  #sendSide: SendSide | undefined;

  constructor(
    prepared: PreparedCall,
    owner: CallOwner,
    private readonly judge: ((reply: GrpcReply<Response>) => Verdict) | undefined,
  ) {
    super(prepared, owner);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isPending(): boolean {
    return true;
  }

  /** Takes further messages, if the request did not contain all of them. */
  get sendSide(): SendSide {
    return (this.#sendSide ??= new SendSide(this.engineCall));
  }

  onMessage(bytes: Uint8Array): void {
    this.received++;
    this.#bytes = Buffer.from(bytes);
  }

  protected get lastMessage(): Uint8Array | undefined {
    return this.#bytes;
  }

  onDrain(): void {
    this.#sendSide?.drained();
  }

  override onEnd(end: GrpcEnd): void {
    this.#sendSide?.close();
    super.onEnd(end);
  }

  protected settle(end: GrpcEnd): void {
    const reported = end.status === StatusCode.OK && this.received !== 1 ? this.#withoutReply(end) : end;
    const bytes = reported.status === StatusCode.OK ? this.#bytes : undefined;
    const reply = new Reply<Response>(
      reported,
      this,
      bytes,
      this.headers,
      this.prepared.service.errorDetailsOf,
    );
    const judged = this.judge !== undefined && reported.failure === undefined;
    const reason = judged
      ? this.#verdict(reply)
      : this.isExpected(reported.status)
        ? undefined
        : reply.failureName;
    if (reason !== undefined) this.fail(reason);
    this.record(end);
    this.#reply = reply;
    deliverSoon(this);
  }

  /** The call has been counted; now the user gets the reply. */
  deliver(): void {
    this.#resolve(this.#reply!);
  }

  protected reject(error: Error): void {
    this.#reject(error);
  }

  #withoutReply(end: GrpcEnd): GrpcEnd {
    const detail = this.received === 0 ? 'no message with status OK' : 'more than one message';
    const failure = malformed('BAD_MESSAGE_COUNT', detail);
    return { ...end, status: StatusCode.INTERNAL, message: failure.message, failure };
  }

  #verdict(reply: Reply<Response>): string | undefined {
    try {
      const verdict = this.judge!(reply);
      return reply.failure ?? reasonOf(verdict);
    } catch (thrown) {
      return reasonOfThrown(thrown, () => reply.failure);
    }
  }
}
