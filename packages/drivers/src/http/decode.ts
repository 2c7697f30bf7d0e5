import zlib from 'node:zlib';

type Decoder = (bytes: Uint8Array) => Uint8Array;

/** Newer Nodes only. */
const zstd = (zlib as unknown as { zstdDecompressSync?: Decoder }).zstdDecompressSync;

const DECODERS: Record<string, Decoder | undefined> = {
  gzip: (bytes) => zlib.gunzipSync(bytes),
  'x-gzip': (bytes) => zlib.gunzipSync(bytes),
  deflate: inflateEither,
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd,
  identity: (bytes) => bytes,
};

export const ACCEPT_ENCODING = 'gzip, deflate, br';

/**
 * Removes the content codings of a body, the last one first.
 * @throws Error that names the coding if it is unknown here or the body is not what it says
 */
export function decodeBody(body: Uint8Array, contentEncoding: string | null): Uint8Array {
  if (contentEncoding === null || body.length === 0) return body;
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  return codings.reduceRight((bytes, coding) => decodeOne(bytes, coding), body);
}

function decodeOne(bytes: Uint8Array, coding: string): Uint8Array {
  if (coding === '') return bytes;
  const decoder = DECODERS[coding];
  if (decoder === undefined)
    throw new Error(`content-encoding ${coding} is not understood on Node ${process.version}`);
  try {
    return decoder(bytes);
  } catch (cause) {
    throw new Error(`the body is not valid ${coding}: ${(cause as Error).message}`, { cause });
  }
}

/** Servers send `deflate` with and without the zlib header. */
function inflateEither(bytes: Uint8Array): Uint8Array {
  return (bytes[0]! & 0x0f) === 8 ? zlib.inflateSync(bytes) : zlib.inflateRawSync(bytes);
}
