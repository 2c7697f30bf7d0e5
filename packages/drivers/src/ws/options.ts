import type { Duration } from '@drumline/model';
import type { Fields } from '../calls/headers.js';
import type { WsMessage } from './message.js';

/**
 * A message to send: text, bytes (sent as a binary message), or any value that JSON can represent.
 */
export type WsData = string | Uint8Array | ArrayBuffer | object;

/** Whether a message is the expected one. If the function throws, the message does not match. */
export type MessageTest = (message: WsMessage) => boolean;

export interface ConnectOptions {
  /**
   * The name in the report, also for waits on the connection. Default: the path without its query.
   */
  readonly name?: string;
  /** Tags of the series, in addition to those of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Override the HTTP client's headers of the same name; `undefined` leaves one out. */
  readonly headers?: Fields;
  /** Subprotocols to offer. The handshake fails if the server chooses none of them. */
  readonly protocols?: string | readonly string[];
  /**
   * From the call to the open connection. Default: that of `http`, which is 60 s; 0 for no limit.
   */
  readonly timeout?: Duration;
  /**
   * Whether to offer compression (permessage-deflate, RFC 7692), which needs much CPU and memory.
   * Default `false`.
   */
  readonly compress?: boolean;
  /** The largest number of queued messages; beyond it, the oldest are dropped. Default 1,000. */
  readonly backlog?: number;
  /**
   * A larger message ends the connection, as received or decompressed. The same limit applies to
   * all queued messages together. Bytes; 0 means no limit. Default: `http.maxBodyBytes`, which is
   * 64 MiB.
   */
  readonly maxBodyBytes?: number;
}

/** Options of one wait on a connection. */
export interface WaitOptions {
  /** The name in the report. Default: that of the connection. */
  readonly name?: string;
  /** Tags of the series, in addition to those of the user and the connection. */
  readonly tags?: Readonly<Record<string, string>>;
  /** From the call. Default: that of `http`, which is 60 s; 0 for no limit. */
  readonly timeout?: Duration;
}
