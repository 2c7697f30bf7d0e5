import { ConnectionError } from './errors.js';
import { Flag, frameHeader, FrameType, MIN_MAX_FRAME_BYTES } from './frames.js';
import type { Outbox } from './outbox.js';
import { DEFAULT_WINDOW_BYTES, MAX_WINDOW_BYTES, WINDOW_TOO_LARGE } from './settings.js';
import type { H2Stream } from './stream.js';

/** No larger frames than every peer takes, so that no stream keeps the others waiting for long. */
const MAX_PIECE_BYTES = MIN_MAX_FRAME_BYTES;

/** Sends the data of all streams of a connection as far as the peer's windows (RFC 9113, section 5.2) and the transport allow, in turn. */
export class DataSender {
  #windowBytes = DEFAULT_WINDOW_BYTES;
  /** Streams that have something to send and may not. */
  readonly #waiting = new Set<H2Stream>();

  /** @param onSent a frame was sent */
  constructor(
    private readonly outbox: Outbox,
    private readonly onSent: () => void,
  ) {}

  /** Sends what the stream has. @returns whether all of it went */
  send(stream: H2Stream): boolean {
    while (this.#sendFrame(stream));
    if (!stream.queue.empty) this.#waiting.add(stream);
    else this.#waiting.delete(stream);
    return stream.queue.empty;
  }

  /** The peer allows more on the connection. @throws ConnectionError if that is too much: RFC 9113, section 6.9.1 */
  widen(bytes: number): void {
    this.#windowBytes += bytes;
    if (this.#windowBytes > MAX_WINDOW_BYTES) {
      throw new ConnectionError('FLOW_CONTROL_ERROR', WINDOW_TOO_LARGE);
    }
    this.sendWaiting();
  }

  /** There may be room that was not there before. */
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

  /** The stream is over. */
  forget(stream: H2Stream): void {
    this.#waiting.delete(stream);
  }

  /** @returns whether there was something to send, and it was allowed */
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
