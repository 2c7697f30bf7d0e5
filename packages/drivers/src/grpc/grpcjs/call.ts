import { credentials, Metadata, type ChannelInterface } from '@grpc/grpc-js';
import type { OpenedConnection } from '@drumline/model';
import { afterReading } from '../../dial/after-reading.js';
import { aborted, timedOut, type Failure } from '../../engine/failure.js';
import { ErrorCode, streamReset } from '../../h2/errors.js';
import type { GrpcCall, GrpcHandler, GrpcRequest, RawMetadata } from '../contract.js';
import { messageTooLong } from '../fault.js';
import { readStatus, StatusCode } from '../status.js';
import { fromMetadata, toMetadata } from './metadata.js';
import { failureOf, foundNoConnection, type GivenStatus } from './own-status.js';

type ChannelCall = ReturnType<ChannelInterface['createCall']>;

/** The environment of a call. */
export interface CallOwner {
  readonly now: () => number;
  /** 0: no limit. */
  readonly maxSendBytes: number;
  /** 0: no limit. */
  readonly maxReceiveBytes: number;
  /** The failure of the channel's last connection attempt. */
  dialFailure(call: GrpcJsCall): Failure | undefined;
  ended(call: GrpcJsCall): void;
}

/** Bytes that may be queued before the writer must wait. */
const HIGH_WATER_BYTES = 64 * 1024;
/** The compression flag and the length. */
const PREFIX_BYTES = 5;
const NONE: RawMetadata = [];
const CUT_OFF = streamReset(ErrorCode.CANCEL).code;

/** One call, from the request to its end. It first waits for a channel with room. */
export class GrpcJsCall implements GrpcCall {
  /** Present if the call opened the connection. */
  opened: OpenedConnection | undefined;
  readonly #startedAtMs: number;
  #sentAtMs: number | undefined;
  #sendEndedAtMs: number | undefined;
  #firstByteAtMs: number | undefined;
  #bytesSent = 0;
  #bytesReceived = 0;
  #call: ChannelCall | undefined;
  #waitTimer: NodeJS.Timeout | undefined;
  readonly #outbox: Uint8Array[] = [];
  #outboxBytes = 0;
  #sending = false;
  #sendEnding = false;
  #needsDrain = false;
  #reading = false;
  #paused = false;
  #over = false;

  constructor(
    private readonly request: GrpcRequest,
    private readonly handler: GrpcHandler,
    private readonly owner: CallOwner,
  ) {
    this.#startedAtMs = owner.now();
    const { deadlineMs, message } = request;
    if (deadlineMs > 0) this.#waitTimer = afterReading(deadlineMs, () => this.#expire());
    if (message !== undefined) {
      this.send(message);
      this.endSend();
    }
  }

  get over(): boolean {
    return this.#over;
  }

  get sent(): boolean {
    return this.#sentAtMs !== undefined;
  }

  /** Hands it to a channel. */
  carriedBy(channel: ChannelInterface): void {
    const { path, deadlineMs } = this.request;
    let metadata: Metadata;
    try {
      metadata = toMetadata(this.request.metadata);
    } catch (error) {
      return this.fail(StatusCode.INTERNAL, unsendable(error));
    }
    const leftMs = this.#startedAtMs + deadlineMs - this.owner.now();
    const deadline = deadlineMs > 0 ? Date.now() + leftMs : Infinity;
    clearTimeout(this.#waitTimer);
    const call = channel.createCall(path, deadline, null, null, null);
    this.#call = call;
    // grpc-js asks for credentials once there is a connection, just before it opens the stream.
    call.setCredentials(
      credentials.createFromMetadataGenerator((_, give) => {
        this.#sentAtMs = this.owner.now();
        give(null, new Metadata());
      }),
    );
    call.start(metadata, {
      onReceiveMetadata: (received) => this.#onHeaders(received),
      onReceiveMessage: (bytes: Buffer) => this.#onMessage(bytes),
      onReceiveStatus: (status) => this.#onStatus(status),
    });
    this.#flush();
    this.#read();
  }

  send(message: Uint8Array): boolean {
    if (this.#over || this.#sendEnding) return true;
    const { maxSendBytes } = this.owner;
    if (maxSendBytes > 0 && message.length > maxSendBytes) {
      const { status, failure } = messageTooLong('sent', maxSendBytes);
      this.fail(status, failure);
      return true;
    }
    this.#outbox.push(message);
    this.#outboxBytes += message.length;
    this.#flush();
    this.#needsDrain = this.#outboxBytes > HIGH_WATER_BYTES;
    return !this.#needsDrain;
  }

  endSend(): void {
    if (this.#sendEnding) return;
    this.#sendEnding = true;
    this.#flush();
  }

  cancel(reason: string): void {
    this.fail(StatusCode.CANCELLED, aborted(reason));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  /** Ends the call for a reason in the engine. */
  fail(status: StatusCode, failure: Failure): void {
    if (this.#over) return;
    this.#over = true;
    this.#call?.cancelWithStatus(status, failure.message);
    queueMicrotask(() => this.#end(status, failure.message, NONE, failure));
  }

  /**
   * Sends one message at a time, as grpc-js requires. The next write follows when the one before is
   * done.
   */
  #flush(): void {
    if (this.#call === undefined || this.#sending || this.#over) return;
    const message = this.#outbox.shift();
    if (message !== undefined) {
      this.#sending = true;
      const callback = (): void => this.#onWritten(message.length);
      this.#call.sendMessageWithContext({ callback }, asBuffer(message));
    }
    if (this.#sendEnding && this.#outbox.length === 0 && this.#sendEndedAtMs === undefined) {
      this.#sendEndedAtMs = this.owner.now();
      this.#call.halfClose();
    }
  }

  #onWritten(bytes: number): void {
    if (this.#over) return;
    this.#sending = false;
    this.#outboxBytes -= bytes;
    this.#bytesSent += PREFIX_BYTES + bytes;
    this.#flush();
    if (this.#needsDrain && this.#outbox.length === 0) {
      this.#needsDrain = false;
      this.handler.onDrain?.();
    }
  }

  #read(): void {
    if (this.#call === undefined || this.#reading || this.#paused || this.#over) return;
    this.#reading = true;
    this.#call.startRead();
  }

  #onHeaders(metadata: Metadata): void {
    if (this.#over) return;
    this.#firstByteAtMs ??= this.owner.now();
    this.handler.onHeaders?.(fromMetadata(metadata), this.#startedAtMs);
  }

  #onMessage(bytes: Buffer): void {
    if (this.#over) return;
    this.#reading = false;
    this.#bytesReceived += PREFIX_BYTES + bytes.length;
    this.handler.onMessage(bytes, this.owner.now());
    this.#read();
  }

  #onStatus(status: GivenStatus): void {
    if (this.#over) return;
    this.#over = true;
    const failure = failureOf(status, {
      deadlineMs: this.request.deadlineMs,
      maxReceiveBytes: this.owner.maxReceiveBytes,
      responseBegun: this.#firstByteAtMs !== undefined,
      dialFailure: this.owner.dialFailure(this),
    });
    if (failure === undefined) this.#firstByteAtMs ??= this.owner.now();
    if (foundNoConnection(status)) this.#sentAtMs = undefined;
    this.#end(
      this.#cutOffLate(failure)
        ? StatusCode.DEADLINE_EXCEEDED
        : readStatus(String(status.code ?? StatusCode.INTERNAL)),
      failure?.message ?? status.details,
      fromMetadata(status.metadata),
      failure,
    );
  }

  /** The server watches the deadline as well, and may cancel the call first. */
  #cutOffLate(failure: Failure | undefined): boolean {
    const { deadlineMs } = this.request;
    const late = deadlineMs > 0 && this.owner.now() - this.#startedAtMs >= deadlineMs;
    return late && failure?.code === CUT_OFF;
  }

  #expire(): void {
    const { deadlineMs } = this.request;
    if (this.#call === undefined) this.fail(StatusCode.DEADLINE_EXCEEDED, timedOut('whole', deadlineMs));
  }

  #end(status: StatusCode, message: string, trailers: RawMetadata, failure: Failure | undefined): void {
    clearTimeout(this.#waitTimer);
    const sentAtMs = this.#sentAtMs;
    this.owner.ended(this);
    this.handler.onEnd({
      status,
      message,
      trailers,
      failure,
      sent: this.sent,
      timing: {
        startedAtMs: this.#startedAtMs,
        sentAtMs,
        sendEndedAtMs: sentAtMs && this.#sendEndedAtMs && Math.max(sentAtMs, this.#sendEndedAtMs),
        firstByteAtMs: this.#firstByteAtMs,
        endedAtMs: this.owner.now(),
        opened: this.opened,
      },
      bytesSent: this.sent ? this.#bytesSent : 0,
      bytesReceived: this.#bytesReceived,
    });
  }
}

function unsendable(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { class: 'invalid', code: 'INVALID_METADATA', message };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
