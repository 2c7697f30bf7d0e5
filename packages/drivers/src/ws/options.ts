import type { Duration } from '@drumline/model';
import type { Fields } from '../http/options.js';
import type { WsMessage } from './message.js';

/**
 * What a message may be: text, bytes (sent as a binary message), or anything else that JSON can
 * write.
 */
export type WsData = string | Uint8Array | ArrayBuffer | object;

/** Whether a message is the one waited for. One that throws does not fit. */
export type MessageTest = (message: WsMessage) => boolean;

export interface ConnectOptions {
  /**
   * The name in the report, also of what is waited for on the connection. Default: the path without
   * its query.
   */
  readonly name?: string;
  /** Tags of the series, beside those of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Override the HTTP client's headers of the same name; `undefined` leaves one out. */
  readonly headers?: Fields;
  /** Subprotocols to offer; if the server chooses none of them, the handshake has failed. */
  readonly protocols?: string | readonly string[];
  /**
   * From the call to the open connection. Default: that of `http`, which is 60 s; 0 for no limit.
   */
  readonly timeout?: Duration;
  /**
   * Whether to offer compression (permessage-deflate, RFC 7692), which costs a good deal of CPU and
   * memory. Default `false`.
   */
  readonly compress?: boolean;
  /**
   * So many messages that nobody has taken are kept; then the oldest are dropped. Default 1,000.
   */
  readonly backlog?: number;
  /**
   * A larger message ends the connection, as received or decompressed; messages that nobody has
   * taken are kept up to as much in all.
   * Bytes; 0 means no limit. Default: `http.maxBodyBytes`, which is 64 MiB.
   */
  readonly maxBodyBytes?: number;
}

/** Of one thing that is waited for on a connection. */
export interface WaitOptions {
  /** The name in the report. Default: that of the connection. */
  readonly name?: string;
  /** Tags of the series, beside those of the user and the connection. */
  readonly tags?: Readonly<Record<string, string>>;
  /** From the call. Default: that of `http`, which is 60 s; 0 for no limit. */
  readonly timeout?: Duration;
}
