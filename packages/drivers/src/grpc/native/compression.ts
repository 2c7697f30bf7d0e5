import { gunzipSync, inflateSync } from 'node:zlib';
import { malformedCall, messageTooLong, type Fault } from '../fault.js';

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = { gzip: gunzipSync, deflate: inflateSync };

/** For `grpc-accept-encoding`. */
export const ACCEPTED_ENCODINGS = 'identity,deflate,gzip';

/**
 * Decompresses a message: https://github.com/grpc/grpc/blob/master/doc/compression.md
 * @param encoding `grpc-encoding` of its call
 * @param maxBytes 0: no limit
 */
export function decompress(bytes: Uint8Array, encoding: string, maxBytes: number): Uint8Array | Fault {
  const decode = DECODERS[encoding];
  if (decode === undefined) {
    return malformedCall(
      'MESSAGE_ENCODING',
      `a message compressed with '${encoding}', not ${ACCEPTED_ENCODINGS}`,
    );
  }
  try {
    return decode(bytes, maxBytes === 0 ? {} : { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return messageTooLong('received', maxBytes);
    }
    return malformedCall('MESSAGE_COMPRESSION', `a message that is not valid ${encoding}`);
  }
}
