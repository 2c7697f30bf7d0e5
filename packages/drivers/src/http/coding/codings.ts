import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';
import { messageOf } from '@drumline/model';
import { bodyLimit } from '../../engine/failure.js';
import { BodyError } from './body-error.js';
import { OutputTooLarge } from './output-limit.js';
import { openZstd, zstd } from './zstd.js';

/** Decodes one content coding. */
export interface Decoder {
  /**
   * @param maxBytes limit of the output; 0 means no limit
   * @throws Error if the bytes are invalid, or the output is too large
   */
  whole(bytes: Uint8Array, maxBytes: number): Uint8Array;
  /** @param first the first bytes of the input, if known */
  open(first?: Uint8Array): Duplex;
}

const gzip: Decoder = {
  whole: (bytes, maxBytes) => zlib.gunzipSync(bytes, limited(maxBytes)),
  open: () => zlib.createGunzip(),
};

/** Servers send `deflate` with the zlib header, as RFC 9110 requires, or without it. */
const deflate: Decoder = {
  whole: (bytes, maxBytes) => {
    const decode = hasZlibHeader(bytes) ? zlib.inflateSync : zlib.inflateRawSync;
    return decode(bytes, limited(maxBytes));
  },
  open: (first) => (hasZlibHeader(first) ? zlib.createInflate() : zlib.createInflateRaw()),
};

/** Decoders by name: RFC 9110 section 8.4.1, RFC 7932 and RFC 8878. */
const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip,
  'x-gzip': gzip,
  deflate,
  br: {
    whole: (bytes, maxBytes) => zlib.brotliDecompressSync(bytes, limited(maxBytes)),
    open: () => zlib.createBrotliDecompress(),
  },
  zstd: { whole: zstd, open: openZstd },
};

export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** The limit of curl. Each coding costs a pass over the body. */
const MAX_CODINGS = 5;

/** The codings of a body in decoding order. */
export function codingsOf(contentEncoding: string | undefined): string[] {
  if (contentEncoding === undefined) return [];
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity').reverse();
}

/** @throws BodyError if there are too many codings, or one is unknown */
export function decodersOf(codings: readonly string[], label: string): Decoder[] {
  if (codings.length > MAX_CODINGS)
    throw new BodyError(label, `the body has more than ${MAX_CODINGS} content-encodings`);
  return codings.map((coding) => decoderOf(coding, label));
}

function decoderOf(coding: string, label: string): Decoder {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decoder === undefined) throw new BodyError(label, `content-encoding ${coding} is not understood`);
  return decoder;
}

/** @param maxBytes limit of the output */
export function undecodable(coding: string, cause: unknown, label: string, maxBytes: number): BodyError {
  const tooLarge =
    cause instanceof OutputTooLarge || (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  const failure = tooLarge
    ? `the decompressed body is larger than ${bodyLimit(maxBytes)}`
    : `the body is not valid ${coding}: ${messageOf(cause)}`;
  return new BodyError(label, failure, cause);
}

function limited(maxBytes: number): zlib.ZlibOptions {
  return maxBytes === 0 ? {} : { maxOutputLength: maxBytes };
}

function hasZlibHeader(bytes: Uint8Array | undefined): boolean {
  return bytes === undefined || (bytes[0]! & 0x0f) === 8;
}
