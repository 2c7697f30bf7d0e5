import type { BodyStream } from '../engine/contract.js';
import { bodyFailed, lengthMismatch } from '../engine/failure.js';
import { KnownFailure } from './classify.js';

/**
 * A streamed body in the form that undici expects. Reports before each piece and after the last.
 * Throws if the length is not the announced one.
 */
export async function* upload(
  { chunks, lengthBytes }: BodyStream,
  progress: { uploading(): void; uploaded(): void },
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (lengthBytes !== undefined && length > lengthBytes) break;
      progress.uploading();
      yield chunk;
    }
  } catch (error) {
    throw new KnownFailure(bodyFailed(error));
  }
  if (lengthBytes !== undefined && length !== lengthBytes)
    throw new KnownFailure(lengthMismatch(length > lengthBytes ? 'more' : 'fewer', lengthBytes));
  progress.uploading();
  progress.uploaded();
}
