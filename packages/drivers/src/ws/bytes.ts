import { isArrayBuffer } from 'node:util/types';
import { messageOf } from '@drumline/model';
import type { WsData } from './options.js';

/**
 * Encodes a message to send: a string as a text message, bytes as a binary one, anything else as
 * JSON.
 * @throws TypeError if JSON cannot represent it
 */
export function encodeData(data: WsData): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null) {
    throw new TypeError(`a message must be a string, bytes or an object, not ${String(data as unknown)}`);
  }
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (isArrayBuffer(data)) return new Uint8Array(data);
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new TypeError(`the message cannot be written as JSON: ${messageOf(cause)}`, { cause });
  }
}

export interface Transfer {
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/**
 * Counts the bytes of a connection, including headers and frames, and returns each of them once.
 */
export class ByteMeter {
  #sent = 0;
  #received = 0;

  constructor(private readonly socket: { readonly bytesWritten: number; readonly bytesRead: number }) {}

  /** The bytes since the last call. */
  take(): Transfer {
    const { bytesWritten, bytesRead } = this.socket;
    const transfer = { bytesSent: bytesWritten - this.#sent, bytesReceived: bytesRead - this.#received };
    this.#sent = bytesWritten;
    this.#received = bytesRead;
    return transfer;
  }
}
