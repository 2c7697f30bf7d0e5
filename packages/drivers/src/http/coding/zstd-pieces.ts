/** Content codings allow windows of at most 8 MiB: RFC 9659. */
export const MAX_WINDOW_LOG = 23;
const MAX_WINDOW_BYTES = 2 ** MAX_WINDOW_LOG;

/**
 * Limits the bytes that fzstd copies. It copies the whole window for each block, so many tiny
 * blocks would take minutes. The limit is a constant plus a multiple of the output.
 */
const MOVED_BYTES = 4 * 2 ** 30;
const MOVED_PER_BYTE = 128;
const BLOCK_BYTES = 128 * 1024;

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;
const MAX_HEADER_BYTES = 18;
const BLOCK_HEADER_BYTES = 3;
const SKIPPABLE_HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;
const RLE = 1;

/**
 * Splits zstd frames (RFC 8878, section 3) into headers and block contents, so that a decoder gets
 * at most one block at a time. Rejects frames that would cost too much memory or time. Leaves input
 * that is not zstd to the decoder.
 */
export class ZstdPieces {
  /** Bytes that the decoder has returned. */
  outputBytes = 0;
  readonly #header = Buffer.alloc(MAX_HEADER_BYTES);
  #headerBytes = 0;
  #expects: 'frame' | 'block' | 'anything' = 'frame';
  /** Remaining content bytes after the last header. */
  #contentBytes = 0;
  #hasChecksum = false;
  #windowBytes = 0;
  #movedBytes = 0;

  /** @throws Error if a frame would cost too much */
  *split(bytes: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < bytes.length) {
      if (this.#contentBytes > 0 || this.#expects === 'anything') {
        const end =
          this.#expects === 'anything' ? bytes.length : Math.min(bytes.length, at + this.#contentBytes);
        this.#contentBytes -= end - at;
        yield bytes.subarray(at, end);
        at = end;
        continue;
      }
      this.#header[this.#headerBytes++] = bytes[at++]!;
      const header = this.#header.subarray(0, this.#headerBytes);
      if (!this.#take(header)) continue;
      this.#headerBytes = 0;
      yield Uint8Array.prototype.slice.call(header);
    }
  }

  /** @returns whether the header is complete */
  #take(header: Buffer): boolean {
    return this.#expects === 'block' ? this.#takeBlock(header) : this.#takeFrame(header);
  }

  #takeFrame(header: Buffer): boolean {
    if (header.length < 5) return false;
    const magic = header.readUInt32LE();
    if (magic >>> 4 === SKIPPABLE_MAGIC) {
      if (header.length < SKIPPABLE_HEADER_BYTES) return false;
      this.#contentBytes = header.readUInt32LE(4);
      return true;
    }
    if (magic !== MAGIC) {
      this.#expects = 'anything';
      return true;
    }
    const { windowAt, sizeAt, end } = frameLayout(header[4]!);
    if (header.length < end) return false;
    this.#windowBytes =
      windowAt === undefined ? contentSize(header, sizeAt, end) : windowSize(header[windowAt]!);
    if (this.#windowBytes > MAX_WINDOW_BYTES)
      throw new Error(`a window of more than ${MAX_WINDOW_BYTES / 2 ** 20} MiB (RFC 9659)`);
    this.#hasChecksum = (header[4]! & 4) !== 0;
    this.#expects = 'block';
    return true;
  }

  #takeBlock(header: Buffer): boolean {
    if (header.length < BLOCK_HEADER_BYTES) return false;
    const value = header.readUIntLE(0, BLOCK_HEADER_BYTES);
    const size = value >>> 3;
    if (size > BLOCK_BYTES) throw new Error('a block of more than 128 KiB');
    this.#movedBytes += this.#windowBytes;
    if (this.#movedBytes > MOVED_BYTES + this.outputBytes * MOVED_PER_BYTE)
      throw new Error('blocks that hold next to nothing');
    this.#contentBytes = ((value >>> 1) & 3) === RLE ? 1 : size;
    if ((value & 1) === 1) {
      this.#expects = 'frame';
      if (this.#hasChecksum) this.#contentBytes += CHECKSUM_BYTES;
    }
    return true;
  }
}

interface FrameLayout {
  /** Undefined if the window size is the content size. */
  readonly windowAt: number | undefined;
  readonly sizeAt: number;
  readonly end: number;
}

/** @param descriptor the byte after the magic number: RFC 8878, section 3.1.1.1 */
function frameLayout(descriptor: number): FrameLayout {
  const single = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  const sizeAt = (single ? 5 : 6) + dictionaryBytes;
  return { windowAt: single ? undefined : 5, sizeAt, end: sizeAt + sizeBytes };
}

function contentSize(header: Buffer, start: number, end: number): number {
  if (end - start === 8) return Number(header.readBigUInt64LE(start));
  return header.readUIntLE(start, end - start) + (end - start === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}
