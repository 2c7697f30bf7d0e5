import type { OpenedConnection } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import type { NativeExchange } from './exchange.js';

/** An open connection that carries exchanges: one at a time with HTTP/1.1, many with HTTP/2. */
export interface NativeConnection {
  readonly protocol: 'http/1.1' | 'h2';
  /** How many more exchanges it accepts now. Stays 0 once it is retired. */
  readonly room: number;
  /** Number of exchanges in flight. */
  readonly busy: number;
  /** Idle since this instant on the lane's clock. Not valid while it is busy. */
  readonly idleSinceMs: number;
  /**
   * Waiting since this instant for the server to close it. Valid only when retired and not busy.
   */
  readonly lingersSinceMs: number;
  /** The idle limit that the server announced, if any. */
  readonly serverIdleLimitMs: number | undefined;
  /** How the connection was opened, until an exchange reports it. */
  opening: OpenedConnection | undefined;
  /** Sends an exchange at the end of the turn of the event loop. Call only while there is room. */
  carry(exchange: NativeExchange): void;
  /** Accepts no more exchanges and waits for the server to close the connection. */
  retire(): void;
  /** Closes it at once. Exchanges in flight end with this failure. */
  destroy(failure: Failure): void;
}

/** Owns connections and receives their events. */
export interface ConnectionOwner {
  /** More room: an exchange ended, or the server allows more. */
  onRoom(connection: NativeConnection): void;
  /**
   * The connection accepts no more exchanges; those in flight continue. Called once, before
   * `onClosed` at the latest.
   */
  onRetired(connection: NativeConnection): void;
  /**
   * The server certainly did not process this exchange, so it may be sent elsewhere. Its `sentAtMs`
   * is undefined again.
   */
  onReturned(connection: NativeConnection, exchange: NativeExchange): void;
  /**
   * Resend this exchange on another connection, although the server may have processed it. Its
   * `sentAtMs` is undefined again.
   */
  onResend(connection: NativeConnection, exchange: NativeExchange): void;
  /** The server closed the connection after this idle time. */
  onIdleClosed(idleMs: number): void;
  /** An exchange succeeded after this idle time. */
  onIdleSurvived(idleMs: number): void;
  /**
   * The server rejects HTTP/2.
   * @returns whether HTTP/1.1 may be used instead; if so, it is from now on
   */
  onHttp11Required(): boolean;
  /** The connection and all its exchanges have ended. Called once, last. */
  onClosed(connection: NativeConnection): void;
}
