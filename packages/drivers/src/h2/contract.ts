import type { Failure } from '../engine/failure.js';
import type { HeaderCache } from './header-receiver.js';
import type { ReceivedHeaders } from './received-headers.js';

export interface H2Options {
  /** Streams at a time, at most; the server may allow fewer. Default: as many as it allows. */
  readonly maxStreams?: number;
  /** What the server may send on one stream, and on all together, before it hears that more is welcome. Default 1 MB and 16 MB. */
  readonly streamWindowBytes?: number;
  readonly connectionWindowBytes?: number;
  /** Shared by all connections of a lane. Default: one of its own. */
  readonly headerCache?: HeaderCache;
  /**
   * Whether blanks around the values of headers make a response malformed. Default `false`: they
   * are left out.
   */
  readonly strict?: boolean;
  /** A monotonic clock, milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

export interface H2ConnectionEvents {
  /** The server allows another number of streams. */
  onRoom(): void;
  /** It takes no more streams; those that are open go on. */
  onRetired(): void;
  /** The server has ended its side of the connection; `onClosed` follows. */
  onEnd?(): void;
  /**
   * The server does not want HTTP/2. What it has not answered is returned or reset with this code.
   */
  onHttp11Required?(): void;
  /**
   * All that was sent until now has been given to the transport: at the end of a turn of the event loop, and earlier where that is much.
   * @param atMs when that began
   */
  onHandedOver(atMs: number): void;
  /** It is gone, and so are all streams. Once, last. */
  onClosed(): void;
}

/**
 * What comes of a stream. It ends once: with `endStream`, `onTrailers`, `onReset`, `onReturned` or `onFailed`. After that nothing is
 * called, except `onDrain` while the request outlasts its response.
 */
export interface H2StreamEvents {
  /** A response that is not the final one: 1xx. */
  onInterim?(headers: ReceivedHeaders): void;
  /** The headers of the final response. */
  onHeaders(headers: ReceivedHeaders, endStream: boolean): void;
  /** A piece of the body, lent for the length of the call. */
  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void;
  /** Headers after the body; the stream has ended. */
  onTrailers(trailers: ReceivedHeaders): void;
  /** What `sendData` could not send at once has been sent. */
  onDrain(): void;
  /** The server cut it off. @param code RFC 9113, section 7 */
  onReset(code: number): void;
  /** The server has certainly not looked at it: it may be sent again. */
  onReturned(): void;
  /** What the server sent was wrong, or the connection is gone. */
  onFailed(failure: Failure): void;
}
