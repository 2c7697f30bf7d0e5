import { ConnectionError } from './errors.js';
import { FRAME_HEADER_BYTES, MIN_MAX_FRAME_BYTES } from './frames.js';

export interface FrameSink {
  /**
   * A complete frame. Its payload is `bytes` from `start` to `end`, valid only during the call.
   * @returns whether to continue reading
   */
  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): boolean;
}

/** The memory of a partial frame up to this size is reused for the next one. */
const SMALL_BYTES = 1024;
/** The limit that we announce: the default. */
const MAX_PAYLOAD_BYTES = MIN_MAX_FRAME_BYTES;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Splits received bytes into frames: RFC 9113, section 4.1. Complete frames are read in place; only
 * partial ones are copied.
 */
export class FrameReader {
  /** The beginning of an incomplete frame. */
  #partial = NOTHING;
  #partialBytes = 0;

  constructor(private readonly sink: FrameSink) {}

  /** @throws ConnectionError if a frame is too large, and any error of the sink */
  read(bytes: Buffer, length: number): void {
    let at = 0;
    if (this.#partialBytes > 0) {
      at = this.#complete(bytes, length);
      if (at === -1) return;
    }
    while (length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + payloadBytes(bytes, at);
      if (end > length) break;
      if (!this.#deliver(bytes, at, end)) return;
      at = end;
    }
    if (at < length) this.#take(bytes, at, length, length - at);
  }

  /**
   * Continues the partial frame.
   * @returns where the next frame begins; -1 if there is nothing more to read
   */
  #complete(bytes: Buffer, length: number): number {
    let at = this.#take(bytes, 0, length, FRAME_HEADER_BYTES);
    if (this.#partialBytes < FRAME_HEADER_BYTES) return -1;
    const whole = FRAME_HEADER_BYTES + payloadBytes(this.#partial, 0);
    at = this.#take(bytes, at, length, whole);
    if (this.#partialBytes < whole) return -1;
    this.#partialBytes = 0;
    const partial = this.#partial;
    if (partial.length > SMALL_BYTES) this.#partial = NOTHING;
    return this.#deliver(partial, 0, whole) ? at : -1;
  }

  /**
   * Copies until the partial frame has this many bytes, or the input ends.
   * @returns where it stopped
   */
  #take(bytes: Buffer, at: number, length: number, wanted: number): number {
    const count = Math.min(wanted - this.#partialBytes, length - at);
    if (count <= 0) return at;
    if (this.#partial.length < wanted) {
      const grown = Buffer.allocUnsafeSlow(wanted);
      this.#partial.copy(grown, 0, 0, this.#partialBytes);
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#partialBytes, at, at + count);
    this.#partialBytes += count;
    return at + count;
  }

  #deliver(bytes: Buffer, at: number, end: number): boolean {
    return this.sink.onFrame(
      bytes[at + 3]!,
      bytes[at + 4]!,
      readUint31(bytes, at + 5),
      bytes,
      at + FRAME_HEADER_BYTES,
      end,
    );
  }
}

export function readUint32(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** The highest bit is reserved and ignored. */
export function readUint31(bytes: Buffer, at: number): number {
  return ((bytes[at]! & 0x7f) << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function payloadBytes(bytes: Buffer, at: number): number {
  const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  if (length > MAX_PAYLOAD_BYTES) throw new ConnectionError('FRAME_SIZE_ERROR', 'a frame that is too large');
  return length;
}
