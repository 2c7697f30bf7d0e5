import type net from 'node:net';
import { begin, DATA, END_HEADERS, END_STREAM, field, HEADERS, OK } from './h2-hostile.js';
import { rawFrame, serveFrames, type FrameServer } from './h2-peers.js';

/** gRPC servers that send given frames in response to a complete request. */

/** `:status: 200`, `content-type: application/grpc`, and more. */
export const head = (streamId: number, more = ''): Buffer =>
  begin(streamId, OK + field('content-type', 'application/grpc') + more);
/** The end of a response. */
export const trailers = (streamId: number, status = '0', more = ''): Buffer =>
  rawFrame(HEADERS, END_HEADERS | END_STREAM, streamId, field('grpc-status', status) + more);
export const data = (streamId: number, bytes: Uint8Array, flags = 0): Buffer =>
  rawFrame(DATA, flags, streamId, Buffer.from(bytes));

/**
 * A Length-Prefixed-Message.
 * @param flag 1 means compressed
 * @param length a length other than the real one
 */
export function message(content: Uint8Array | string, flag = 0, length?: number): Buffer {
  const bytes = Buffer.from(content);
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length ?? bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** Sends an answer on a stream of a connection. */
export type Answer = (streamId: number, socket: net.Socket) => void;

/** @param greeting sent at once. Default: empty SETTINGS */
export function answerFrames(answer: Answer, greeting?: Buffer): Promise<FrameServer> {
  return serveFrames(({ type, flags, streamId }, { socket }) => {
    const ends = (type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0;
    if (ends) answer(streamId, socket);
  }, greeting);
}
