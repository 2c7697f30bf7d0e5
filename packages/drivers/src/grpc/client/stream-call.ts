import type { SeriesKey } from '@drumline/model';
import { InterruptedError, refuseInterrupted } from '../../calls/interrupted.js';
import { ReceiveQueue } from '../../calls/receive-queue.js';
import type { GrpcEnd, GrpcSession } from '../contract.js';
import type { StatusName } from '../status.js';
import { Call, wasLeft, type CallOwner } from './call.js';
import { Ending } from './ending.js';
import type { PreparedCall } from './prepared-call.js';
import { SendSide } from './send-side.js';
import type { GrpcDuplex, GrpcEnding, Sendable } from './types.js';

/** The names of the series for the messages of a stream. */
export interface MessageSeries {
  readonly first: SeriesKey;
  readonly next: SeriesKey;
}

/**
 * A call with a stream of messages from the server, and for `GrpcDuplex` one to it. Messages are
 * counted on arrival and handed out one by one.
 */
export class StreamCall<Request, Response> extends Call implements GrpcDuplex<Request, Response> {
  received = 0;
  ending: GrpcEnding | undefined;
  protected lastMessage: object | undefined;
  readonly #queue = new ReceiveQueue<Response>();
  #sendSide: SendSide | undefined;
  #interrupted = false;
  #isRead = false;
  #left = false;
  #previousAtMs = 0;

  constructor(
    prepared: PreparedCall,
    owner: CallOwner,
    private readonly series: MessageSeries,
    private readonly encode: (message: Sendable<Request>) => Uint8Array,
  ) {
    super(prepared, owner);
  }

  get isPending(): boolean {
    return false;
  }

  override start(session: GrpcSession): this {
    super.start(session);
    this.#sendSide = new SendSide(this.engineCall);
    this.#queue.attach(this.engineCall, () => this.cancel());
    return this;
  }

  /** Replaces `start` for a user that was stopped. */
  refuse(): this {
    this.#interrupted = true;
    void refuseInterrupted().catch((error: Error) => this.reject(error));
    return this;
  }

  get status(): StatusName | undefined {
    return this.ending?.status;
  }

  async send(message: Sendable<Request>): Promise<void> {
    if (this.#interrupted) return await refuseInterrupted();
    await this.#sendSide?.send(this.encode(message));
    if (this.#interrupted) throw new InterruptedError();
  }

  end(): void {
    this.#sendSide?.end();
  }

  cancel(): void {
    this.#left = true;
    this.leave();
  }

  [Symbol.asyncIterator](): AsyncIterator<Response, undefined> {
    if (this.#isRead)
      throw new Error(
        `${this.label}: the messages can be read only once, and another loop has begun to read them`,
      );
    this.#isRead = true;
    return this.#queue[Symbol.asyncIterator]();
  }

  onMessage(bytes: Uint8Array, atMs: number): void {
    if (this.#left) return;
    const { method } = this.prepared;
    this.received++;
    this.owner.sink.onSample({
      series: this.received === 1 ? this.series.first : this.series.next,
      outcome: 'passed',
      endedAtMs: atMs,
      durationUs: Math.round((atMs - (this.received === 1 ? this.startedAtMs : this.#previousAtMs)) * 1_000),
      // The bytes of all messages are counted with the call.
      bytesSent: 0,
      bytesReceived: 0,
    });
    this.#previousAtMs = atMs;
    let message: Response;
    try {
      message = method.decode(bytes) as Response;
    } catch {
      this.fail(`a message is not a ${method.responseType}`);
      this.cancel();
      return;
    }
    this.lastMessage = message as object;
    this.#queue.push(message, bytes.length);
  }

  onDrain(): void {
    this.#sendSide?.drained();
  }

  override onEnd(end: GrpcEnd): void {
    super.onEnd(end);
    this.#sendSide?.close();
  }

  protected settle(end: GrpcEnd): void {
    const ending = new Ending(end, this.headers, this.prepared.service.errorDetailsOf);
    this.ending = ending;
    if (!wasLeft(end) && !this.isExpected(end.status)) this.fail(ending.failureName);
    if (end.sent || !wasLeft(end)) this.record(end);
    this.#queue.end(undefined);
  }

  protected reject(error: Error): void {
    this.#interrupted = error instanceof InterruptedError;
    this.#queue.end(error);
  }
}
