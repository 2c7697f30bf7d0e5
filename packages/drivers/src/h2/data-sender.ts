import { ConnectionError } from './errors.js';
import { Flag, frameHeader, FrameType, MIN_MAX_FRAME_BYTES } from './frames.js';
import type { Outbox } from './outbox.js';
import { DEFAULT_WINDOW_BYTES, MAX_WINDOW_BYTES, WINDOW_TOO_LARGE } from './settings.js';
import type { H2Stream } from './stream.js';

/** Frames are no larger than every peer accepts, so that no stream delays the others for long. */
const MAX_PIECE_BYTES = MIN_MAX_FRAME_BYTES;

/**
 * Sends the data of all streams of a connection in turn, as far as the peer's windows (RFC 9113,
 * section 5.2) and the transport allow.
 */
export class DataSender {
  #windowBytes = DEFAULT_WINDOW_BYTES;
  /** Streams with data that they may not send yet. */
  readonly #waiting = new Set<H2Stream>();

  /** @param onSent called after each frame */
  constructor(
    private readonly outbox: Outbox,
    private readonly onSent: () => void,
  ) {}

  /**
   * Sends the queued data of the stream.
   * @returns whether all of it was sent
   */
  send(stream: H2Stream): boolean {
    while (this.#sendFrame(stream));
    if (!stream.queue.empty) this.#waiting.add(stream);
    else this.#waiting.delete(stream);
    return stream.queue.empty;
  }

  /**
   * The peer enlarged the connection's window.
   * @throws ConnectionError if that is too much: RFC 9113, section 6.9.1
   */
  widen(bytes: number): void {
    this.#windowBytes += bytes;
    if (this.#windowBytes > MAX_WINDOW_BYTES) {
      throw new ConnectionError('FLOW_CONTROL_ERROR', WINDOW_TOO_LARGE);
    }
    this.sendWaiting();
  }

  /** Sends queued data if there is room now. */
  sendWaiting(): void {
    let sent = true;
    while (sent) {
      sent = false;
      for (const stream of this.#waiting) {
        if (this.#sendFrame(stream)) sent = true;
        if (!stream.queue.empty) continue;
        this.#waiting.delete(stream);
        stream.queueEmptied();
      }
    }
  }

  /** The stream has ended. */
  forget(stream: H2Stream): void {
    this.#waiting.delete(stream);
  }

  /** @returns whether there was data that could be sent */
  #sendFrame(stream: H2Stream): boolean {
    const { queue } = stream;
    if (stream.sendEnded || (queue.empty && !queue.ended)) return false;
    const room = Math.min(MAX_PIECE_BYTES, stream.sendWindowBytes, this.#windowBytes);
    if (!queue.empty && (room <= 0 || this.outbox.congested)) return false;
    const piece = queue.take(room);
    const last = queue.ended && queue.empty;
    this.#windowBytes -= piece.length;
    this.outbox.add(frameHeader(piece.length, FrameType.data, last ? Flag.endStream : 0, stream.id));
    if (piece.length > 0) this.outbox.addPayload(piece);
    this.onSent();
    stream.dataSent(piece.length, last);
    return true;
  }
}
