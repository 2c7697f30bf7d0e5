import type { BodyStream } from '../engine/contract.js';
import { CLOSED_WHILE_IDLE, type Failure } from '../engine/failure.js';
import { isConnectionClosed, isRepeatable, mayResend } from '../engine/resend.js';
import type { H2StreamEvents } from '../h2/contract.js';
import { ErrorCode, requiresHttp11, streamReset } from '../h2/errors.js';
import type { ReceivedHeaders } from '../h2/received-headers.js';
import type { H2Stream } from '../h2/stream.js';
import type { BatchClock } from './clock.js';
import type { Carrier, NativeExchange } from './exchange.js';
import { Upload, type UploadOwner, type UploadWriter } from './upload.js';

/** How often servers may return an exchange unprocessed. */
const MAX_RETURNS = 5;
const NO_TRAILERS: readonly string[] = [];
const NOTHING = new Uint8Array(0);

/** The connection of a carrier. */
export interface CarrierOwner {
  /** All bytes received from the server, of every kind. */
  readonly bytesReceived: number;
  /** Whether any exchange has completed. */
  readonly hasAnswered: boolean;
  /**
   * An exchange is done.
   * @param atMs the instant
   */
  carried(atMs: number): void;
  /** The server did not process this exchange. */
  returned(exchange: NativeExchange): void;
  /** This exchange must be resent, although the server may have processed it. */
  resend(exchange: NativeExchange): void;
  /** An exchange succeeded. */
  answered(): void;
  /**
   * The server closed the connection.
   * @returns whether it had been idle before its last exchanges
   */
  closedAfterRest(): boolean;
  /**
   * The server rejects HTTP/2.
   * @returns whether another version may be used
   */
  http11Required(): boolean;
  /** An exchange timed out, and nothing has arrived from the server since it was sent. */
  unheard(exchange: NativeExchange): void;
}

/** An exchange on its stream. */
export class H2Carrier implements Carrier, H2StreamEvents, UploadWriter, UploadOwner {
  /** Next in the connection's list of unsent exchanges. */
  nextUnsent: H2Carrier | undefined;
  #stream!: H2Stream;
  #upload: Upload | undefined;
  #over = false;
  /** Bytes received on the connection before it was sent. */
  #bytesBefore = -1;

  constructor(
    private readonly exchange: NativeExchange,
    private readonly connection: CarrierOwner,
    private readonly clock: BatchClock,
  ) {}

  /** Whether nothing of it has been handed to the socket. */
  get isUnsent(): boolean {
    return !this.#over && this.exchange.sentAtMs === undefined;
  }

  /**
   * The headers were queued for sending.
   * @param body follows them
   */
  begin(stream: H2Stream, body: Uint8Array | BodyStream | undefined): void {
    this.#stream = stream;
    if (body instanceof Uint8Array) stream.sendData(body, true);
    else if (body !== undefined) this.#upload = new Upload(body, this, this);
  }

  /**
   * Everything sent until now was handed to the socket.
   * @returns whether that was all
   */
  handedOver(atMs: number): boolean {
    const { exchange } = this;
    if (this.#over) return true;
    if (exchange.sentAtMs === undefined) {
      exchange.sent(atMs);
      this.#bytesBefore = this.connection.bytesReceived;
    }
    if (!this.#stream.sendEnded) return false;
    exchange.sendEnded(atMs);
    return true;
  }

  abandon(): void {
    if (this.#over) return;
    const { exchange } = this;
    // A request cancelled in the turn in which it was sent still reaches the server.
    if (exchange.sentAtMs === undefined) exchange.sent(exchange.endedAtMs);
    this.#stream.reset(ErrorCode.CANCEL);
    this.#end();
    const timedOut = exchange.endedAtMs >= exchange.deadlineMs;
    if (timedOut && this.connection.bytesReceived === this.#bytesBefore) this.connection.unheard(exchange);
    this.connection.carried(exchange.endedAtMs);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  onInterim(): void {
    this.exchange.arrived(this.clock.arrivalAfterMs(this.exchange.sentAtMs!));
  }

  onHeaders(headers: ReceivedHeaders, endStream: boolean): void {
    const atMs = this.clock.arrivalAfterMs(this.exchange.sentAtMs!);
    this.exchange.arrived(atMs);
    this.#count();
    if (headers.oddity !== undefined) this.exchange.odd(headers.oddity);
    this.exchange.headArrived(headers, endStream ? 0 : headers.contentLength, atMs);
    if (endStream) this.#succeed(atMs, NO_TRAILERS);
  }

  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void {
    const atMs = this.clock.arrivalMs();
    this.#count();
    if (end > start) this.exchange.bodyArrived(bytes, start, end, atMs);
    if (endStream) this.#succeed(atMs, NO_TRAILERS);
  }

  onTrailers(trailers: ReceivedHeaders): void {
    if (trailers.oddity !== undefined) this.exchange.odd(trailers.oddity);
    this.#succeed(this.clock.arrivalMs(), trailers.rawHeaders);
  }

  onDrain(): void {
    this.#upload?.drained();
  }

  write(bytes: Uint8Array): boolean {
    return this.#stream.sendData(bytes, false);
  }

  end(): void {
    this.#stream.sendData(NOTHING, true);
  }

  uploadEnded(): void {}

  uploadFailed(failure: Failure): void {
    this.exchange.fail(failure);
  }

  onReset(code: number): void {
    this.onFailed(streamReset(code));
  }

  onReturned(): void {
    if (this.#isRepeatable) this.#return();
    else this.#fail(streamReset(ErrorCode.REFUSED_STREAM));
  }

  onFailed(failure: Failure): void {
    const { exchange, connection } = this;
    if (exchange.firstByteAtMs !== undefined) return this.#fail(failure);
    if (requiresHttp11(failure) && connection.http11Required() && this.#isRepeatable) return this.#resend();
    if (!isConnectionClosed(failure) || !connection.hasAnswered) return this.#fail(failure);
    if (exchange.sentAtMs === undefined && this.#isRepeatable) return this.#return();
    const wasIdle = connection.closedAfterRest();
    if (mayResend(exchange.request) && !exchange.resent) this.#resend();
    else this.#fail(wasIdle ? CLOSED_WHILE_IDLE : failure);
  }

  /** Whether everything sent so far can be sent again. */
  get #isRepeatable(): boolean {
    return isRepeatable(this.exchange.request) && this.exchange.returns < MAX_RETURNS;
  }

  #return(): void {
    this.#end();
    this.exchange.returned();
    this.connection.returned(this.exchange);
    this.connection.carried(this.clock.arrivalMs());
  }

  #resend(): void {
    this.#end();
    this.exchange.resending();
    this.connection.resend(this.exchange);
    this.connection.carried(this.clock.arrivalMs());
  }

  #fail(failure: Failure): void {
    const atMs = this.clock.arrivalMs();
    this.#end();
    this.exchange.fail(failure, atMs);
    this.connection.carried(atMs);
  }

  #succeed(atMs: number, rawTrailers: readonly string[]): void {
    if (this.#over) return;
    // The server answered before the end of the request: RFC 9113, section 8.1.
    if (!this.#stream.sendEnded) this.#stream.reset(ErrorCode.NO_ERROR);
    this.#end();
    this.connection.answered();
    this.exchange.succeed(atMs, rawTrailers);
    this.connection.carried(atMs);
  }

  #end(): void {
    this.#over = true;
    this.#count();
    this.#upload?.stop();
  }

  /** Updates the counts, which must be right whenever the handler is called. */
  #count(): void {
    this.exchange.bytesSent = this.#stream.bytesSent;
    this.exchange.bytesReceived = this.#stream.bytesReceived;
  }
}
