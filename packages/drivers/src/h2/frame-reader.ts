import { ConnectionError } from './errors.js';
import { FRAME_HEADER_BYTES, MIN_MAX_FRAME_BYTES } from './frames.js';

export interface FrameSink {
  /** A whole frame; its payload is `bytes` from `start` to `end`, lent for the length of the call. @returns whether to go on reading */
  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): boolean;
}

/** Keep the memory of a partial frame for the next one up to this size. */
const SMALL_BYTES = 1024;
/** What we announce: the default. */
const MAX_PAYLOAD_BYTES = MIN_MAX_FRAME_BYTES;
const NOTHING: Buffer = Buffer.alloc(0);

/** Cuts what comes in into frames (RFC 9113, section 4.1). Whole frames are read where they lie; only a partial one is copied. */
export class FrameReader {
  /** The beginning of a frame whose rest has not come yet. */
  #partial = NOTHING;
  #partialBytes = 0;

  constructor(private readonly sink: FrameSink) {}

  /** @throws ConnectionError if a frame is too large, and whatever the sink throws */
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

  /** Goes on with the partial frame. @returns where the next frame begins; -1 if there is nothing more to read */
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

  /** Copies until the partial frame has so many bytes, or all have been taken. @returns where it stopped */
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

/** The highest bit is reserved and means nothing. */
export function readUint31(bytes: Buffer, at: number): number {
  return ((bytes[at]! & 0x7f) << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function payloadBytes(bytes: Buffer, at: number): number {
  const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  if (length > MAX_PAYLOAD_BYTES) throw new ConnectionError('FRAME_SIZE_ERROR', 'a frame that is too large');
  return length;
}
