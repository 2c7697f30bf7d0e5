import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import { socketFailure } from '../engine/socket-errors.js';
import type { Transport, TransportReceiver } from './transport.js';

/** What all sockets of the lane read into: one event loop reads one socket at a time. */
const LENT = Buffer.allocUnsafeSlow(64 * 1024);
const TRANSPORT = Symbol('transport');

type CarryingSocket = net.Socket & { [TRANSPORT]: SocketTransport };

/**
 * A socket from its making to its end. An idle connection is little more than its socket: its listeners are
 * functions that all sockets share.
 */
export class SocketTransport implements Transport {
  readonly socket: net.Socket;
  opened!: OpenedConnection;
  #error: Error | undefined;

  /**
   * @param connect makes the socket; `onread` is for `net.connect` or `tls.connect`
   * @param receiver the first one
   * @param all where it stands as long as its socket is not closed
   */
  constructor(
    connect: (onread: net.OnReadOpts) => net.Socket,
    public receiver: TransportReceiver,
    private readonly all: Set<SocketTransport>,
  ) {
    this.socket = connect({
      buffer: LENT,
      callback: (length) => {
        this.receiver.onBytes(LENT, length);
        return true;
      },
    });
    (this.socket as CarryingSocket)[TRANSPORT] = this;
    this.socket.on('error', onError);
    this.socket.on('close', onClose);
    this.socket.on('end', onEnd);
    this.socket.on('drain', onDrain);
    all.add(this);
  }

  writeLatin1(text: string): boolean {
    return this.socket.write(text, 'latin1');
  }

  write(bytes: Uint8Array): boolean {
    return this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  end(): void {
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** For the socket's listeners. */
  broke(error: Error): void {
    this.#error ??= error;
  }

  /** For the socket's listeners. */
  closed(): void {
    this.all.delete(this);
    this.receiver.onClosed(this.#error === undefined ? undefined : socketFailure(this.#error));
  }
}

function onError(this: net.Socket, error: Error): void {
  (this as CarryingSocket)[TRANSPORT].broke(error);
}

function onClose(this: net.Socket): void {
  (this as CarryingSocket)[TRANSPORT].closed();
}

function onEnd(this: net.Socket): void {
  (this as CarryingSocket)[TRANSPORT].receiver.onEnd();
}

function onDrain(this: net.Socket): void {
  (this as CarryingSocket)[TRANSPORT].receiver.onDrain();
}
