import { closedEarly, type Failure } from '../engine/failure.js';
import { ErrorCode, protocolFailure, type ErrorName } from './errors.js';
import { FRAME_HEADER_BYTES, rstStreamFrame, windowUpdateFrame } from './frames.js';
import type { H2StreamEvents } from './contract.js';
import type { ReceivedHeaders } from './received-headers.js';
import { ReceiveWindow } from './receive-window.js';
import { ResponseShape } from './response-shape.js';
import { NOTHING_TO_SEND, SendQueue } from './send-queue.js';
import { MAX_WINDOW_BYTES, WINDOW_TOO_LARGE } from './settings.js';
import { STREAM_STATES, type StreamEvent, type StreamState } from './stream-states.js';

/** The connection functions that a stream needs. */
export interface StreamHost {
  /** @param frames text with one character per byte */
  write(frames: string): void;
  /**
   * Sends queued data of the stream as far as allowed.
   * @returns whether all of it was sent
   */
  send(stream: H2Stream): boolean;
  /**
   * We reset a stream before its response ended.
   * @param windowBytes what the server may still send on it
   */
  wasReset(windowBytes: number): void;
  /** The stream has ended. */
  closed(stream: H2Stream): void;
}

/** A request and its response on a connection. */
export class H2Stream {
  state: StreamState = 'idle';
  /** Bytes of this stream's frames, frame headers included. */
  bytesSent = 0;
  bytesReceived = 0;
  /**
   * Queued data, and how much of it the server accepts. Negative if the server reduced its window.
   */
  queue = NOTHING_TO_SEND;
  sendWindowBytes: number;
  /** Created when a body arrives. */
  #receiveWindow: ReceiveWindow | undefined;
  readonly #shape: ResponseShape;
  #paused = false;

  /**
   * @param head whether the request method is HEAD
   * @param windowBytes what the server may send before we update its window
   * @param sendWindowBytes what we may send before it updates ours
   */
  constructor(
    readonly id: number,
    private readonly host: StreamHost,
    private readonly events: H2StreamEvents,
    head: boolean,
    private readonly windowBytes: number,
    sendWindowBytes: number,
  ) {
    this.#shape = new ResponseShape(head);
    this.sendWindowBytes = sendWindowBytes;
  }

  /**
   * Sends a piece of the body, or queues it until the server accepts it. Does nothing after the end
   * of the stream.
   * @param bytes must not be changed afterwards
   * @param end whether it is the last piece, which may be empty
   * @returns whether all of it was sent; if not, wait for `onDrain` before sending more
   */
  sendData(bytes: Uint8Array, end: boolean): boolean {
    if (this.sendEnded) return true;
    this.queue.add(bytes);
    this.queue.ended ||= end;
    return this.host.send(this);
  }

  /** Whether the end of the request was sent. */
  get sendEnded(): boolean {
    return this.state === 'halfClosedLocal' || this.state === 'closed';
  }

  /** Resets the stream and notifies the server. No callback of `H2StreamEvents` follows. */
  reset(code: number): void {
    if (this.state === 'closed') return;
    this.#writeReset(code);
    this.#move('reset');
  }

  /** Stops renewing the window. The server may only send what it was already allowed to. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#renewWindow();
  }

  /** @internal HEADERS have been sent. */
  opened(bytes: number, endStream: boolean): void {
    this.bytesSent += bytes;
    this.#move('open');
    if (endStream) this.#move('sendEnd');
    else this.queue = new SendQueue();
  }

  /** @internal */
  dataSent(bytes: number, endStream: boolean): void {
    this.sendWindowBytes -= bytes;
    this.bytesSent += FRAME_HEADER_BYTES + bytes;
    if (endStream) this.#move('sendEnd');
  }

  /** @internal */
  queueEmptied(): void {
    this.events.onDrain();
  }

  /** @internal */
  receiveHeaders(headers: ReceivedHeaders, endStream: boolean): void {
    if (this.#receiveEnded()) return;
    const trailers = this.#shape.headArrived;
    const fault = this.#shape.headers(headers, endStream);
    if (fault !== undefined) return this.#fail('PROTOCOL_ERROR', fault);
    if (endStream) this.#move('receiveEnd');
    if (trailers) this.events.onTrailers(headers);
    else if (headers.status >= 200) this.events.onHeaders(headers, endStream);
    else this.events.onInterim?.(headers);
  }

  /**
   * @internal
   * @param windowBytes what it takes of the window, padding included
   */
  receiveData(bytes: Buffer, start: number, end: number, windowBytes: number, endStream: boolean): void {
    if (this.#receiveEnded()) return;
    this.#receiveWindow ??= new ReceiveWindow(this.windowBytes);
    if (!this.#receiveWindow.take(windowBytes)) {
      return this.#fail('FLOW_CONTROL_ERROR', 'more data than the window of a stream allows');
    }
    const fault = this.#shape.data(end - start, endStream);
    if (fault !== undefined) return this.#fail('PROTOCOL_ERROR', fault);
    if (endStream) this.#move('receiveEnd');
    this.events.onData(bytes, start, end, endStream);
    if (!endStream) this.#renewWindow();
  }

  /** @internal */
  receiveReset(code: number): void {
    if (!this.#close()) return;
    if (code === ErrorCode.REFUSED_STREAM && !this.#shape.headArrived) this.events.onReturned();
    else this.events.onReset(code);
  }

  /** @internal */
  receiveWindowUpdate(increment: number): void {
    if (increment === 0) this.#fail('PROTOCOL_ERROR', 'a window that grows by nothing');
    else if (!this.widenSendWindow(increment)) this.#fail('FLOW_CONTROL_ERROR', WINDOW_TOO_LARGE);
  }

  /**
   * @internal The server enlarged the window or, by its settings, reduced it.
   * @returns false if it exceeds the maximum
   */
  widenSendWindow(bytes: number): boolean {
    this.sendWindowBytes += bytes;
    if (this.sendWindowBytes > MAX_WINDOW_BYTES) return false;
    if (!this.queue.empty && this.host.send(this)) this.queueEmptied();
    return true;
  }

  /**
   * @internal The server did not process the request, so the connection will never deliver an
   *   answer.
   */
  returned(): void {
    if (this.#close()) this.events.onReturned();
  }

  /**
   * @internal The connection has closed.
   * @param failure Default: it was closed cleanly
   */
  lost(failure: Failure | undefined): void {
    if (this.#close()) this.events.onFailed(failure ?? closedEarly(this.#shape.headArrived));
  }

  /** RFC 9113, section 5.1: `half-closed (remote)`. */
  #receiveEnded(): boolean {
    if (this.state !== 'halfClosedRemote') return false;
    this.reset(ErrorCode.STREAM_CLOSED);
    return true;
  }

  #renewWindow(): void {
    if (this.#paused || this.state === 'closed') return;
    const increment = this.#receiveWindow?.renew() ?? 0;
    if (increment > 0) this.#write(windowUpdateFrame(this.id, increment));
  }

  #fail(code: ErrorName, fault: string): void {
    this.#writeReset(ErrorCode[code]);
    if (this.#close()) this.events.onFailed(protocolFailure(code, fault));
  }

  #writeReset(code: number): void {
    this.#write(rstStreamFrame(this.id, code));
    if (this.state === 'halfClosedRemote') return;
    this.host.wasReset(Math.max(0, this.#receiveWindow?.leftBytes ?? this.windowBytes));
  }

  /** @returns whether the end must still be reported, because the response had not ended */
  #close(): boolean {
    const untold = this.state !== 'halfClosedRemote';
    this.#move('reset');
    return untold;
  }

  #write(frames: string): void {
    this.bytesSent += frames.length;
    this.host.write(frames);
  }

  #move(event: StreamEvent): void {
    const next = STREAM_STATES[this.state][event];
    if (next === undefined) return;
    this.state = next;
    if (next === 'closed') this.host.closed(this);
  }
}
