import type {
  Exchange,
  ExchangeCounts,
  ExchangeHandler,
  ExchangeResult,
  ResponseHead,
} from '../../engine/contract.js';
import type { GrpcCall, GrpcHandler, RawMetadata } from '../contract.js';
import { StatusCode } from '../status.js';
import { readHead, readTrailers, statusMissing, type CallHead, type CallStatus } from './answer.js';
import { decompress } from './compression.js';
import { faultOf, malformedCall, messageTooLong, type Fault } from '../fault.js';
import { frameMessage } from './message-frame.js';
import { MessageReader, type MessageSink } from './message-reader.js';
import { Outgoing } from './outgoing.js';
import type { ScratchPool } from './scratch-pool.js';

/** What the calls of an engine share. */
export interface CallSettings {
  /** Bytes of a message; 0: no limit. */
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
  readonly compression: 'gzip' | undefined;
  readonly scratch: ScratchPool;
}

const NO_TRAILERS: RawMetadata = Object.freeze([]);

/** One call: reads an HTTP exchange as gRPC. */
export class NativeGrpcCall implements GrpcCall, ExchangeHandler, MessageSink {
  #exchange: Exchange | undefined;
  #outgoing: Outgoing | undefined;
  #head: CallHead | undefined;
  #reader: MessageReader | undefined;
  #over = false;
  /** When the piece being read arrived. */
  #pieceAtMs = 0;
  /** Why the engine cancelled the call. */
  #ownFault: Fault | undefined;

  constructor(
    private readonly handler: GrpcHandler,
    private readonly settings: CallSettings,
    private readonly deadlineMs: number,
  ) {}

  /** The request body: the only message, or those that follow. */
  body(message: Uint8Array | undefined): Uint8Array | Outgoing {
    if (message !== undefined) return frameMessage(message, this.settings.compression);
    return (this.#outgoing = new Outgoing(() => {
      if (!this.#over) this.handler.onDrain?.();
    }));
  }

  carriedBy(exchange: Exchange): void {
    this.#exchange = exchange;
  }

  /** Ends it before anything is sent. */
  refuse({ status, failure }: Fault, atMs: number): void {
    this.#over = true;
    const timing = { startedAtMs: atMs, endedAtMs: atMs };
    const nothing = { trailers: NO_TRAILERS, sent: false, bytesSent: 0, bytesReceived: 0, timing };
    queueMicrotask(() => this.handler.onEnd({ status, message: failure.message, failure, ...nothing }));
  }

  send(message: Uint8Array): boolean {
    const outgoing = this.#outgoing;
    if (this.#over || outgoing === undefined) return true;
    const { maxSendBytes, compression } = this.settings;
    if (maxSendBytes === 0 || message.length <= maxSendBytes)
      return outgoing.push(frameMessage(message, compression));
    this.onFault(messageTooLong('sent', maxSendBytes));
    return true;
  }

  endSend(): void {
    this.#outgoing?.end();
  }

  cancel(reason: string): void {
    this.#exchange?.cancel(reason);
  }

  pause(): void {
    this.#exchange?.pause();
  }

  resume(): void {
    this.#exchange?.resume();
  }

  // Callbacks of the exchange

  onHead(head: ResponseHead, { timing }: ExchangeCounts): void {
    const read = (this.#head = readHead(head));
    if (read.fault === undefined && read.status === undefined)
      this.handler.onHeaders?.(read.metadata, timing.startedAtMs);
  }

  onData(bytes: Uint8Array, atMs: number): void {
    if (this.#head!.fault !== undefined) return;
    this.#pieceAtMs = atMs;
    this.#reader ??= new MessageReader(this, this.settings.maxReceiveBytes, this.settings.scratch);
    this.#reader.read(bytes);
  }

  onEnd(result: ExchangeResult): void {
    this.#over = true;
    if (result.kind === 'failed') {
      const fault = this.#ownFault ?? faultOf(result.failure, this.#late(result));
      this.#end(result, result.sent, fault);
      return;
    }
    const status = readTrailers(result.rawTrailers) ?? this.#head!.status;
    if (status === undefined) {
      this.#end(result, true, this.#head!.fault ?? statusMissing(result.rawTrailers));
    } else if (status.code === StatusCode.OK && this.#reader?.inside === true) {
      this.#end(result, true, malformedCall('CUT_SHORT', 'an end inside a message'));
    } else {
      this.#end(result, true, undefined, status);
    }
  }

  // Callbacks of the reader

  onMessage(bytes: Uint8Array, compressed: boolean): boolean {
    let message = bytes;
    if (compressed) {
      const decoded = decompress(bytes, this.#head!.encoding, this.settings.maxReceiveBytes);
      if (!(decoded instanceof Uint8Array)) {
        this.onFault(decoded);
        return false;
      }
      message = decoded;
    }
    this.handler.onMessage(message, this.#pieceAtMs);
    return !this.#over;
  }

  onFault(fault: Fault): void {
    this.#ownFault = fault;
    this.cancel(fault.failure.message);
  }

  #late({ timing }: ExchangeResult): boolean {
    return this.deadlineMs > 0 && timing.endedAtMs - timing.startedAtMs >= this.deadlineMs;
  }

  #end(counts: ExchangeCounts, sent: boolean, fault: Fault | undefined, status?: CallStatus): void {
    this.handler.onEnd({
      status: fault?.status ?? status!.code,
      message: fault?.failure.message ?? status!.message,
      trailers: status?.trailers ?? NO_TRAILERS,
      failure: fault?.failure,
      sent,
      timing: counts.timing,
      bytesSent: counts.bytesSent,
      bytesReceived: counts.bytesReceived,
    });
  }
}
