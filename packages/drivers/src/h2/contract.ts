import type { Failure } from '../engine/failure.js';
import type { HeaderCache } from './header-receiver.js';
import type { ReceivedHeaders } from './received-headers.js';

export interface H2Options {
  /**
   * Maximum number of concurrent streams; the server may allow fewer. Default: the server's limit.
   */
  readonly maxStreams?: number;
  /**
   * How many bytes the server may send, on one stream and on all together, before it needs a window
   * update. Default 1 MiB and 16 MiB.
   */
  readonly streamWindowBytes?: number;
  readonly connectionWindowBytes?: number;
  /** Share it among all connections of a lane. Default: a separate one. */
  readonly headerCache?: HeaderCache;
  /**
   * Whether whitespace around header values makes a response malformed. Default `false`: they
   * are removed.
   */
  readonly strict?: boolean;
  /** A monotonic clock, milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

export interface H2ConnectionEvents {
  /** The number of streams that the server allows has changed. */
  onRoom(): void;
  /** The connection accepts no more streams. Open ones continue. */
  onRetired(): void;
  /** The server has ended its side of the connection; `onClosed` follows. */
  onEnd?(): void;
  /** The server rejects HTTP/2. Unanswered streams are returned or reset with this code. */
  onHttp11Required?(): void;
  /**
   * Everything sent until now was given to the transport: at the end of a turn of the event loop,
   * or earlier if there is much data.
   * @param atMs when that began
   */
  onHandedOver(atMs: number): void;
  /** The connection and all its streams have ended. Called once, last. */
  onClosed(): void;
}

/**
 * Receives the events of a stream.
 *
 * It ends once: with `endStream`, `onTrailers`, `onReset`, `onReturned` or `onFailed`. No callback
 * follows, except `onDrain` if the request outlasts its response.
 */
export interface H2StreamEvents {
  /** A 1xx response. The final one follows. */
  onInterim?(headers: ReceivedHeaders): void;
  /** The headers of the final response. */
  onHeaders(headers: ReceivedHeaders, endStream: boolean): void;
  /** A piece of the body, valid only during the call. */
  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void;
  /** Trailers; the stream has ended. */
  onTrailers(trailers: ReceivedHeaders): void;
  /** The data that `sendData` had to queue has been sent. */
  onDrain(): void;
  /**
   * The server reset the stream.
   * @param code RFC 9113, section 7
   */
  onReset(code: number): void;
  /** The server certainly did not process the request, so it may be sent again. */
  onReturned(): void;
  /** The server violated the protocol, or the connection has closed. */
  onFailed(failure: Failure): void;
}
