import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';
import { messageOf } from '@drumline/model';
import { openZstd, zstd } from './zstd.js';

/** What takes a coding off. */
export interface Decoder {
  /** @throws Error if the bytes are not what they claim */
  whole(bytes: Uint8Array): Uint8Array;
  /** @param first the beginning of what will come, if it is known */
  open(first?: Uint8Array): Duplex;
}

const gzip: Decoder = { whole: (bytes) => zlib.gunzipSync(bytes), open: () => zlib.createGunzip() };

/** Servers send `deflate` with the zlib header, which RFC 9110 asks for, and without. */
const deflate: Decoder = {
  whole: (bytes) => (hasZlibHeader(bytes) ? zlib.inflateSync(bytes) : zlib.inflateRawSync(bytes)),
  open: (first) => (hasZlibHeader(first) ? zlib.createInflate() : zlib.createInflateRaw()),
};

/** By name, RFC 9110 section 8.4.1, RFC 7932 and RFC 8878. */
const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip,
  'x-gzip': gzip,
  deflate,
  br: {
    whole: (bytes) => zlib.brotliDecompressSync(bytes),
    open: () => zlib.createBrotliDecompress(),
  },
  zstd: { whole: zstd, open: openZstd },
};

export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** The codings of a body in the order in which they are taken off. */
export function codingsOf(contentEncoding: string | undefined): string[] {
  if (contentEncoding === undefined) return [];
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity').reverse();
}

/** @throws Error if the coding is unknown here */
export function decoderOf(coding: string, label: string): Decoder {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decoder === undefined) throw new Error(`${label}: content-encoding ${coding} is not understood`);
  return decoder;
}

export function invalid(coding: string, cause: unknown, label: string): Error {
  return new Error(`${label}: the body is not valid ${coding}: ${messageOf(cause)}`, { cause });
}

function hasZlibHeader(bytes: Uint8Array | undefined): boolean {
  return bytes === undefined || (bytes[0]! & 0x0f) === 8;
}
