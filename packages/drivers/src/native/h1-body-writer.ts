import type { Transport } from '../dial/transport.js';
import type { BodyStream } from '../engine/contract.js';
import type { UploadWriter } from './upload.js';

/**
 * Frames a streamed body for HTTP/1.1: with its length announced it goes as it is, else in chunks (RFC 9112 section 7.1).
 * @param wrote hears how many bytes were handed to the transport
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
