import { messageOf } from '@drumline/model';
import { Packr } from '#msgpackr';
import { Compile } from '#typebox';
import { BadFrame, scanFrame } from './frame-scan.js';
import { MAX_WORKER_FRAME_BYTES } from './link/limits.js';
import { masterMessage, type MasterMessage } from './messages/master.js';
import { workerMessage, type WorkerMessage } from './messages/worker.js';

export { BadFrame };

/** The most values in a worker's frame. The keys of 1,000 series have about 10,000. */
const MAX_WORKER_VALUES = 1_000_000;

/** The size of a message without the result of a `setup`. */
const ENVELOPE_BYTES = 64 * 1024;

/** Limits of the result of a `setup`. */
const MAX_PAYLOAD_BYTES = MAX_WORKER_FRAME_BYTES - ENVELOPE_BYTES;
const MAX_PAYLOAD_VALUES = 900_000;

const packr = new Packr({ useRecords: false, int64AsType: 'number' });
// Compiled on first use, because each process decodes messages of one kind only.
const workerGuard = once(() => Compile(workerMessage));
const masterGuard = once(() => Compile(masterMessage));

export function encodeMessage(message: WorkerMessage | MasterMessage): Buffer {
  return packr.pack(message);
}

/** @throws BadFrame if the bytes are not a worker's message */
export function decodeWorkerMessage(frame: Uint8Array): WorkerMessage {
  if (frame.byteLength > MAX_WORKER_FRAME_BYTES) throw new BadFrame(`a frame of ${frame.byteLength} bytes`);
  const value = unpack(frame, MAX_WORKER_VALUES);
  if (workerGuard().Check(value)) return value;
  throw new BadFrame(describeMismatch(value));
}

/** @throws BadFrame if the bytes are not a master's message */
export function decodeMasterMessage(frame: Uint8Array): MasterMessage {
  const value = unpack(frame, Infinity);
  if (masterGuard().Check(value)) return value;
  throw new BadFrame(describeMismatch(value));
}

const HINT =
  "Return less data, such as ids only. Or put the data in a file beside the scenario and import it (import rows from './rows.csv'): files are part of the bundle, which has no such limit";

/**
 * Checks whether the result of a `setup` can be sent to the master.
 * @returns the reason and a hint as the end of a sentence; undefined if it can be sent
 */
export function findPayloadProblem(value: unknown): string | undefined {
  try {
    const bytes = packr.pack(value);
    if (bytes.byteLength > MAX_PAYLOAD_BYTES) {
      const mebibytes = (bytes.byteLength / 1024 / 1024).toFixed(1);
      const limit = (MAX_PAYLOAD_BYTES / 1024 / 1024).toFixed(1);
      return `it takes ${mebibytes} MiB, but the limit is ${limit} MiB. ${HINT}`;
    }
    scanFrame(bytes, MAX_PAYLOAD_VALUES);
    return undefined;
  } catch (error) {
    if (error instanceof BadFrame) return `it holds ${error.message}. ${HINT}`;
    const isEndless = error instanceof RangeError && error.message.includes('call stack');
    return isEndless ? 'it has a circular reference or is nested too deeply' : messageOf(error);
  }
}

function unpack(frame: Uint8Array, maxValues: number): unknown {
  scanFrame(frame, maxValues);
  try {
    return packr.unpack(frame);
  } catch (error) {
    throw new BadFrame(`not msgpack: ${(error as Error).message}`);
  }
}

function describeMismatch(value: unknown): string {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? `a malformed '${type.slice(0, 40)}'` : 'not a Drumline message';
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
