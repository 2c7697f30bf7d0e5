import { gzipSync } from 'node:zlib';

/** The prefix of each message: a compression flag and four bytes of length. */
export const PREFIX_BYTES = 5;

/** A Length-Prefixed-Message: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export function frameMessage(message: Uint8Array, compression: 'gzip' | undefined): Uint8Array {
  const content = compression === undefined ? message : gzipSync(message);
  const { length } = content;
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + length);
  framed[0] = compression === undefined ? 0 : 1;
  framed[1] = length >>> 24;
  framed[2] = length >>> 16;
  framed[3] = length >>> 8;
  framed[4] = length;
  framed.set(content, PREFIX_BYTES);
  return framed;
}
