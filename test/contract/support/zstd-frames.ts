// Unusual zstd frames (RFC 8878, section 3.1) that no encoder writes.

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** No content size, no checksum; a window of 8 MiB, and one of 1 GiB. */
const WINDOW_8_MIB = Buffer.from([0x00, 0x68]);
const WINDOW_1_GIB = Buffer.from([0x00, 0xa0]);
const BLOCK_BYTES = 128 * 1024;
const RAW = 0;
const RLE = 1;

/** A frame for this many bytes, in four bytes for each 128 KiB. */
export function rleBomb(bytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let left = bytes; left > 0; left -= BLOCK_BYTES) {
    const size = Math.min(left, BLOCK_BYTES);
    blocks.push(Buffer.concat([blockHeader(RLE, size, left <= BLOCK_BYTES), Buffer.from('x')]));
  }
  return Buffer.concat([MAGIC, WINDOW_8_MIB, ...blocks]);
}

/** 100,000 empty blocks. */
export function emptyBlocks(): Buffer {
  const blocks = Array.from({ length: 100_000 }, () => blockHeader(RAW, 0, false));
  return Buffer.concat([MAGIC, WINDOW_8_MIB, ...blocks, blockHeader(RAW, 0, true)]);
}

export function wideWindow(): Buffer {
  return Buffer.concat([MAGIC, WINDOW_1_GIB, blockHeader(RAW, 0, true)]);
}

function blockHeader(type: number, size: number, last: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3);
  return header;
}
