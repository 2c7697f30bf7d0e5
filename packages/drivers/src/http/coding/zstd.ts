import { createRequire } from 'node:module';
import { Transform, type Duplex, type TransformCallback } from 'node:stream';
import zlib from 'node:zlib';
import { OutputTooLarge } from './output-limit.js';
import { MAX_WINDOW_LOG, ZstdPieces } from './zstd-pieces.js';

/** Available since Node 22.15. */
const native = zlib as unknown as {
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
  readonly createZstdDecompress?: (options: object) => Duplex;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
};

/** The part of fzstd used here. It does not verify the optional checksum of a frame. */
interface Fzstd {
  Decompress: new (onData: (bytes: Uint8Array) => void) => { push(bytes: Uint8Array, last?: boolean): void };
}

const NOTHING = new Uint8Array(0);
let loaded: Fzstd | undefined;

/** Loaded on first use, synchronously, as `text()` decodes synchronously. */
function fzstd(): Fzstd {
  const require = createRequire(import.meta.url);
  return (loaded ??= require('fzstd') as Fzstd);
}

/**
 * @param maxBytes limit of the output; 0 means no limit
 * @throws Error if the bytes are not zstd, or the output is too large
 */
export function zstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (native.zstdDecompressSync === undefined) return wholeByFzstd(bytes, maxBytes);
  return native.zstdDecompressSync(bytes, {
    ...nativeOptions(),
    ...(maxBytes > 0 && { maxOutputLength: maxBytes }),
  });
}

export function openZstd(): Duplex {
  return native.createZstdDecompress?.(nativeOptions()) ?? new FzstdStream();
}

function nativeOptions(): object {
  return { params: { [native.constants.ZSTD_d_windowLogMax!]: MAX_WINDOW_LOG } };
}

function wholeByFzstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const output: Uint8Array[] = [];
  const pieces = new ZstdPieces();
  const decompress = new (fzstd().Decompress)((piece) => {
    pieces.outputBytes += piece.length;
    if (maxBytes > 0 && pieces.outputBytes > maxBytes) throw new OutputTooLarge();
    output.push(piece);
  });
  for (const piece of pieces.split(bytes)) decompress.push(piece);
  decompress.push(NOTHING, true);
  return Buffer.concat(output);
}

/** Decodes one block at a time, and reads the next only when the output has been read. */
class FzstdStream extends Transform {
  readonly #decompress = new (fzstd().Decompress)((bytes) => this.#put(bytes));
  readonly #pieces = new ZstdPieces();
  #hasRoom = true;
  #goOn: (() => void) | undefined;

  override _transform(chunk: Uint8Array, _: BufferEncoding, done: TransformCallback): void {
    this.#take(this.#pieces.split(chunk), done);
  }

  override _flush(done: TransformCallback): void {
    done(attempt(() => this.#decompress.push(NOTHING, true)));
  }

  override _read(size: number): void {
    this.#hasRoom = true;
    const goOn = this.#goOn;
    this.#goOn = undefined;
    if (goOn === undefined) super._read(size);
    else goOn();
  }

  #take(pieces: Generator<Uint8Array>, done: TransformCallback): void {
    const failure = attempt(() => {
      while (this.#hasRoom) {
        const next = pieces.next();
        if (next.done === true) return;
        this.#decompress.push(next.value);
      }
      this.#goOn = () => this.#take(pieces, done);
    });
    if (failure !== null || this.#goOn === undefined) done(failure);
  }

  #put(bytes: Uint8Array): void {
    this.#pieces.outputBytes += bytes.length;
    if (bytes.length > 0) this.#hasRoom = this.push(Uint8Array.prototype.slice.call(bytes));
  }
}

function attempt(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (error) {
    return error as Error;
  }
}
