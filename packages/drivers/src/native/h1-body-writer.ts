import type { Transport } from '../dial/transport.js';
import type { BodyStream } from '../engine/contract.js';
import type { UploadWriter } from './upload.js';

/**
 * Frames a streamed body for HTTP/1.1. A body with an announced length is sent unchanged, any other
 * in chunks (RFC 9112, section 7.1).
 * @param wrote receives the number of bytes handed to the transport
 */
export function bodyWriter(
  { lengthBytes }: BodyStream,
  transport: Transport,
  wrote: (bytes: number) => void,
): UploadWriter {
  const writeText = (text: string): boolean => {
    wrote(text.length);
    return transport.writeLatin1(text);
  };
  const write = (bytes: Uint8Array): boolean => {
    wrote(bytes.length);
    return transport.write(bytes);
  };
  if (lengthBytes !== undefined) return { write, end() {} };
  return {
    write(bytes) {
      writeText(`${bytes.length.toString(16)}\r\n`);
      write(bytes);
      return writeText('\r\n');
    },
    end() {
      writeText('0\r\n\r\n');
    },
  };
}

/** A body up to this size is sent in one write with its head. */
const SMALL_BODY_BYTES = 16 * 1024;

/**
 * Sends a request whose body is fully available.
 * @returns whether the socket has accepted all of it
 */
export function writeRequest(head: string, body: Uint8Array, transport: Transport): boolean {
  if (body.length <= SMALL_BODY_BYTES) return transport.writeLatin1(head + latin1(body));
  transport.readBeforeBreaking();
  transport.writeLatin1(head);
  return transport.write(body);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
