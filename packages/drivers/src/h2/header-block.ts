import { Flag, frame, FrameType, MIN_MAX_FRAME_BYTES } from './frames.js';

/** Every peer accepts frames of this size. */
const MAX_PIECE_BYTES = MIN_MAX_FRAME_BYTES;

/**
 * The encoded headers of a request, usable for any number of streams on any connections: RFC 9113,
 * section 8.3.1.
 */
export class HeaderBlock {
  /**
   * @param encoded results of `encodeField` for each header, pseudo-headers first
   * @param head whether the method is HEAD, so that the response never has a body
   */
  constructor(
    private encoded: string,
    readonly head: boolean,
  ) {}

  /**
   * Call when it is used for a second stream. It becomes a flat string, which is cheaper to send
   * than a concatenation of many parts.
   */
  reused(): void {
    this.encoded = Buffer.from(this.encoded, 'latin1').toString('latin1');
  }

  /**
   * A HEADERS frame, followed by CONTINUATION frames if it is long.
   * @returns text with one character per byte
   */
  frames(streamId: number, endStream: boolean): string {
    const { encoded } = this;
    const flags = endStream ? Flag.endStream : 0;
    if (encoded.length <= MAX_PIECE_BYTES) {
      return frame(FrameType.headers, flags | Flag.endHeaders, streamId, encoded);
    }
    let frames = frame(FrameType.headers, flags, streamId, encoded.slice(0, MAX_PIECE_BYTES));
    for (let at = MAX_PIECE_BYTES; at < encoded.length; at += MAX_PIECE_BYTES) {
      const last = at + MAX_PIECE_BYTES >= encoded.length;
      const piece = encoded.slice(at, at + MAX_PIECE_BYTES);
      frames += frame(FrameType.continuation, last ? Flag.endHeaders : 0, streamId, piece);
    }
    return frames;
  }
}
