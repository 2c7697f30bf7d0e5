import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import type { Failure } from '../engine/failure.js';

/** The receiver of a transport's data: an HTTP/1.1 or HTTP/2 connection. */
export interface TransportReceiver {
  /**
   * Data has arrived at the beginning of `bytes`. The buffer is valid only during the call, because
   * all sockets of the lane read into the same memory.
   */
  onBytes(bytes: Buffer, length: number): void;
  /** There is room again after a write that returned `false`. */
  onDrain(): void;
  /**
   * The peer has ended its side cleanly. The transport then ends its own side, and `onClosed`
   * follows.
   */
  onEnd(): void;
  /**
   * Called once, last, with the reason the connection broke; undefined after a clean end or
   * `destroy`.
   */
  onClosed(failure: Failure | undefined): void;
}

/** For libraries that read the socket as a stream. */
export const SILENT: TransportReceiver = { onBytes() {}, onDrain() {}, onEnd() {}, onClosed() {} };

/** An open TCP or TLS connection. */
export interface Transport {
  /**
   * The timings of the connection setup, and the negotiated parameters. `protocol` is the ALPN
   * choice, or without ALPN the requested protocol.
   */
  readonly opened: OpenedConnection;
  /** For whatever the interface does not cover: addresses, certificates, `ref`. */
  readonly socket: net.Socket;
  /** Must be set in the call that hands the transport over. */
  receiver: TransportReceiver;
  /**
   * Writes characters of one byte each.
   * @returns false if the peer is slower than the writer: wait for `onDrain` before sending much
   * more
   */
  writeLatin1(text: string): boolean;
  /** The bytes must not change afterwards. */
  write(bytes: Uint8Array): boolean;
  /**
   * After this call, a failed write does not end the transport before all received data is read. A
   * server that rejects a request by its headers responds first and then closes the connection.
   *
   * Must be called before a message that may need more than one write.
   */
  readBeforeBreaking(): void;
  /** Stops reading. A little data may still arrive. */
  pause(): void;
  resume(): void;
  /** Sends everything written so far, then closes. */
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
  /** Whether a library reads the transport's socket as a stream; `onBytes` is not called then. */
  readonly stream?: boolean;
}

/** A connection being opened. */
export interface Dialling {
  /** Gives up: closes the socket and calls no further callbacks. */
  cancel(): void;
}
