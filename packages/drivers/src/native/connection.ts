import type { OpenedConnection } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import type { NativeExchange } from './exchange.js';

/** An open connection that carries exchanges: one at a time with HTTP/1.1, many with HTTP/2. */
export interface NativeConnection {
  readonly protocol: 'http/1.1' | 'h2';
  /** How many more exchanges it takes at present; 0 for good once it is retired. */
  readonly room: number;
  /** How many it carries. */
  readonly busy: number;
  /** Since when it has carried none, on the lane's clock; meaningless while it is busy. */
  readonly idleSinceMs: number;
  /**
   * Since when it has waited for the server to close it; meaningless while it is not retired or
   * busy.
   */
  readonly lingersSinceMs: number;
  /** How long the server keeps it when idle, if it said so. */
  readonly serverIdleLimitMs: number | undefined;
  /** What its opening took and agreed on, until an exchange tells of it. */
  opening: OpenedConnection | undefined;
  /** Sends an exchange, at the end of the turn of the event loop; only while there is room. */
  carry(exchange: NativeExchange): void;
  /** Takes no more exchanges, and lets the server close it, if it will. */
  retire(): void;
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
  /**
   * One that the server may have seen is to be sent again, on another connection. Its `sentAtMs` is
   * undefined again.
   */
  onResend(connection: NativeConnection, exchange: NativeExchange): void;
  /** The server has closed it after it had been idle for so long. */
  onIdleClosed(idleMs: number): void;
  /** It had been idle for so long, and then an exchange went well on it. */
  onIdleSurvived(idleMs: number): void;
  /**
   * The server does not want HTTP/2.
   * @returns whether HTTP/1.1 may be spoken instead, as it is from here on
   */
  onHttp11Required(): boolean;
  /** It is gone, and so is every exchange that it carried. Once, last. */
  onClosed(connection: NativeConnection): void;
}
