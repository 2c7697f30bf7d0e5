import type { IncomingMessage } from 'node:http';
import { SHOWN_BYTES } from '../calls/evidence-text.js';

/** A body that is not complete after this time is shown as far as it has arrived. */
const BODY_WITHIN_MS = 500;

/**
 * Reads the start of the body of a refused handshake.
 * @param onRead called once: with all of a short body, with the start of a long one, or with what
 * arrived until the connection ended or the time was over
 * @returns ends it with what has arrived
 */
export function readRefusal(head: IncomingMessage, onRead: (body: Uint8Array) => void): () => void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    onRead(Buffer.concat(pieces));
  };
  const timer = setTimeout(end, BODY_WITHIN_MS);
  // A connection that ends within the body is an error of the stream, too. The close follows it.
  head.on('error', () => {});
  head.on('end', end).on('close', end);
  head.on('data', (piece: Buffer) => {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= SHOWN_BYTES) end();
  });
  return end;
}
