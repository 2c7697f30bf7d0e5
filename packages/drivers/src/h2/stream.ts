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

/** What a stream asks of its connection. */
export interface StreamHost {
  /** @param frames text of one byte a character */
  write(frames: string): void;
  /** Sends of the stream's queue what may be sent. @returns whether all of it went */
  send(stream: H2Stream): boolean;
  /**
   * We reset a stream whose response had not ended.
   * @param windowBytes what the server may still send of it
   */
  wasReset(windowBytes: number): void;
  /** It is over. */
  closed(stream: H2Stream): void;
}

/** A request and its response on a connection. */
export class H2Stream {
  state: StreamState = 'idle';
  /** Of this stream's frames, frame headers included. */
  bytesSent = 0;
  bytesReceived = 0;
  /** What is to be sent, and how much of it the server takes; less than nothing if it went back on its word. */
  queue = NOTHING_TO_SEND;
  sendWindowBytes: number;
  /** Made when a body comes. */
  #receiveWindow: ReceiveWindow | undefined;
  readonly #shape: ResponseShape;
  #paused = false;

  /**
   * @param head whether it asks with HEAD
   * @param windowBytes what the server may send before we say more
   * @param sendWindowBytes what we may send before it says more
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
   * Sends a piece of the body, or keeps it until the server takes it; after the end of the stream it does nothing.
   * @param bytes not to be changed afterwards
   * @param end whether it is the last piece, which may be empty
   * @returns whether all of it went: if not, wait for `onDrain` before sending more
   */
  sendData(bytes: Uint8Array, end: boolean): boolean {
    if (this.sendEnded) return true;
    this.queue.add(bytes);
    this.queue.ended ||= end;
    return this.host.send(this);
  }

  /** No more will be sent. */
  get sendEnded(): boolean {
    return this.state === 'halfClosedLocal' || this.state === 'closed';
  }

  /** Cuts it off: the server hears of it, and nothing of `H2StreamEvents` is called any more. */
  reset(code: number): void {
    if (this.state === 'closed') return;
    this.#writeReset(code);
    this.#move('reset');
  }

  /** The server may send on as far as it was allowed to, but is not allowed more. */
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

  /** @internal @param windowBytes what it takes of the window, padding included */
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

  /** @internal The server allows more, or, by its settings, less. @returns false if it is more than may be */
  widenSendWindow(bytes: number): boolean {
    this.sendWindowBytes += bytes;
    if (this.sendWindowBytes > MAX_WINDOW_BYTES) return false;
    if (!this.queue.empty && this.host.send(this)) this.queueEmptied();
    return true;
  }

  /** @internal The connection will never bring an answer, as the server did not look at the request. */
  returned(): void {
    if (this.#close()) this.events.onReturned();
  }

  /** @internal The connection is gone. @param failure Default: it was closed in good order */
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

  /** @returns whether its end is still to be told, as the response has not ended before */
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
