import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import type { Failure } from '../engine/failure.js';

/** What stands on a transport: an HTTP/1.1 or HTTP/2 connection. */
export interface TransportReceiver {
  /**
   * Bytes have come in, at the beginning of `bytes`. They are lent for the length of the call: all sockets of the lane read
   * into the same memory.
   */
  onBytes(bytes: Buffer, length: number): void;
  /** After a write that returned `false`: there is room again. */
  onDrain(): void;
  /** The peer has ended its side in good order; `onClosed` follows, as the transport then ends its own. */
  onEnd(): void;
  /** Once, last. Why the connection broke; undefined if it was closed in good order or by `destroy`. */
  onClosed(failure: Failure | undefined): void;
}

/** For who reads the socket as a stream. */
export const SILENT: TransportReceiver = { onBytes() {}, onDrain() {}, onEnd() {}, onClosed() {} };

/** An open TCP or TLS connection. */
export interface Transport {
  /** What opening it took, and what was agreed on; `protocol` is the ALPN choice, or what was asked for without one. */
  readonly opened: OpenedConnection;
  /** For what the interface leaves out: addresses, certificates, `ref`. */
  readonly socket: net.Socket;
  /** To be set in the call that hands the transport over. */
  receiver: TransportReceiver;
  /** Characters of one byte each. @returns false if the peer is slower than the writer: wait for `onDrain` before sending much more */
  writeLatin1(text: string): boolean;
  /** The bytes must not change afterwards. */
  write(bytes: Uint8Array): boolean;
  /**
   * From here on, a write that fails does not end the transport before all that has come in was
   * read: a server that refuses a request by its head answers, and then closes what still comes. To
   * be called before what may take more than one write.
   */
  readBeforeBreaking(): void;
  /** Stops reading; a little may still come. */
  pause(): void;
  resume(): void;
  /** Lets what was written leave, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/** Where to connect to. */
export interface DialTarget {
  readonly secure: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the transport's socket is to be read as a stream, by a library that wants one; `onBytes` is not called then. */
  readonly stream?: boolean;
}

/** A connection being opened. */
export interface Dialling {
  /** Gives up: the callback is not called any more, the socket is closed. */
  cancel(): void;
}
