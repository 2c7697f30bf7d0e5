import type { OpenedConnection } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import type { NativeExchange } from './exchange.js';

/** An open connection that carries exchanges: one at a time with HTTP/1.1, many with HTTP/2. */
export interface NativeConnection {
  /** How many more exchanges it takes at present; 0 for good once it is retired. */
  readonly room: number;
  /** How many it carries. */
  readonly busy: number;
  /** Since when it has carried none, on the lane's clock; meaningless while it is busy. */
  readonly idleSinceMs: number;
  /** How long the server keeps it when idle, if it said so. */
  readonly serverIdleLimitMs: number | undefined;
  /** What its opening took and agreed on, until an exchange tells of it. */
  opening: OpenedConnection | undefined;
  /** Sends an exchange, at the end of the turn of the event loop; only while there is room. */
  carry(exchange: NativeExchange): void;
  /** Closes it at once; what it carries ends with this failure. */
  destroy(failure: Failure): void;
}

/** Who keeps the connections: hears what becomes of them. */
export interface ConnectionOwner {
  /** There is room that was not there before: an exchange has ended, or the server allows more. */
  onRoom(connection: NativeConnection): void;
  /** It takes no more exchanges; those it carries go on. Once, before `onClosed` at the latest. */
  onRetired(connection: NativeConnection): void;
  /** An exchange that the server has certainly not looked at: it may be sent elsewhere. Its `sentAtMs` is undefined again. */
  onReturned(connection: NativeConnection, exchange: NativeExchange): void;
  /** It is gone, and so is every exchange that it carried. Once, last. */
  onClosed(connection: NativeConnection): void;
}
