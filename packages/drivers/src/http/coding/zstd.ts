import { createRequire } from 'node:module';
import { Transform, type Duplex } from 'node:stream';
import zlib from 'node:zlib';

/** From Node 22.15 on. */
const native = zlib as unknown as {
  zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array;
  createZstdDecompress?: () => Duplex;
};

/** What is used of fzstd. It does not verify the checksum that a frame may end with. */
interface Fzstd {
  decompress(bytes: Uint8Array): Uint8Array;
  Decompress: new (onData: (bytes: Uint8Array) => void) => { push(bytes: Uint8Array, last?: boolean): void };
}

const NOTHING = new Uint8Array(0);
let loaded: Fzstd | undefined;

/** Loaded where it is needed, and when: bodies are decoded within a call of `text()`. */
function fzstd(): Fzstd {
  const require = createRequire(import.meta.url);
  return (loaded ??= require('fzstd') as Fzstd);
}

/** @throws Error if the bytes are no zstd */
export function zstd(bytes: Uint8Array): Uint8Array {
  return native.zstdDecompressSync?.(bytes) ?? fzstd().decompress(bytes);
}

export function openZstd(): Duplex {
  return native.createZstdDecompress?.() ?? openFzstd();
}

function openFzstd(): Duplex {
  const decompress = new (fzstd().Decompress)((bytes) => stream.push(Uint8Array.prototype.slice.call(bytes)));
  const stream = new Transform({
    transform: (chunk: Uint8Array, _, done) => done(attempt(() => decompress.push(chunk))),
    flush: (done) => done(attempt(() => decompress.push(NOTHING, true))),
  });
  return stream;
}

function attempt(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (error) {
    return error as Error;
  }
}
