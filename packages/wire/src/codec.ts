import { Packr } from '#msgpackr';
import { Compile } from '#typebox';
import { masterMessage, type MasterMessage } from './messages/master.js';
import { workerMessage, type WorkerMessage } from './messages/worker.js';

/** A frame that is no message of ours. It is counted and dropped; the receiver goes on. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

/** Longest frame that is looked at, bytes. A report of 1,000 series with many samples stays far below. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

const packr = new Packr({ useRecords: false, int64AsType: 'number' });
// Compiled when first needed: a worker never reads a worker's messages, nor a master a master's.
const workerGuard = once(() => Compile(workerMessage));
const masterGuard = once(() => Compile(masterMessage));

export function encodeMessage(message: WorkerMessage | MasterMessage): Buffer {
  return packr.pack(message);
}

/** @throws BadFrame if the bytes are no message of a worker */
export function decodeWorkerMessage(frame: Uint8Array): WorkerMessage {
  const value = unpack(frame);
  if (workerGuard().Check(value)) return value;
  throw new BadFrame(describeMismatch(value));
}

/** @throws BadFrame if the bytes are no message of a master */
export function decodeMasterMessage(frame: Uint8Array): MasterMessage {
  const value = unpack(frame);
  if (masterGuard().Check(value)) return value;
  throw new BadFrame(describeMismatch(value));
}

function unpack(frame: Uint8Array): unknown {
  if (frame.byteLength > MAX_FRAME_BYTES) throw new BadFrame(`a frame of ${frame.byteLength} bytes`);
  try {
    return packr.unpack(frame);
  } catch (error) {
    throw new BadFrame(`no msgpack: ${(error as Error).message}`);
  }
}

function describeMismatch(value: unknown): string {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? `a malformed '${type.slice(0, 40)}'` : 'no message of ours';
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
