import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import { isFailedWrite, socketFailure } from '../engine/socket-errors.js';
import type { Transport, TransportReceiver } from './transport.js';

/** The read buffer of all sockets of the lane: an event loop reads one socket at a time. */
const LENT = Buffer.allocUnsafeSlow(64 * 1024);
const TRANSPORT = Symbol('transport');

type CarryingSocket = net.Socket & { [TRANSPORT]: SocketTransport };

/** Callbacks for a transport that is being opened. */
export interface TransportOpening extends TransportReceiver {
  onConnected(): void;
  onSecured(): void;
}

/**
 * A socket over its whole life. To keep idle connections small, all sockets share the functions
 * that listen to them.
 */
export class SocketTransport implements Transport {
  readonly socket: net.Socket;
  opened!: OpenedConnection;
  receiver: TransportReceiver;
  /** The callbacks of the opening, until the transport is open. Used by the socket's listeners. */
  opening: TransportOpening | undefined;
  #error: Error | undefined;
  #readsBeforeBreaking = false;

  /**
   * @param connect creates the socket; `onread` is for `net.connect` or `tls.connect`
   * @param opening the first receiver
   * @param all contains the transport until its socket is closed
   */
  constructor(
    connect: (onread: net.OnReadOpts) => net.Socket,
    opening: TransportOpening,
    private readonly all: Set<SocketTransport>,
  ) {
    this.receiver = opening;
    this.opening = opening;
    this.socket = connect({
      buffer: LENT,
      callback: (length) => {
        this.receiver.onBytes(LENT, length);
        return true;
      },
    });
    (this.socket as CarryingSocket)[TRANSPORT] = this;
    // Listeners are never removed after a call: each removal would allocate an object and change
    // the shape of the socket's table of listeners.
    this.socket.on('connect', onConnect);
    this.socket.on('secureConnect', onSecureConnect);
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

  readBeforeBreaking(): void {
    if (this.#readsBeforeBreaking) return;
    this.#readsBeforeBreaking = true;
    const { socket } = this;
    const destroy = socket.destroy.bind(socket);
    let broken: Error | undefined;
    // A stream destroys itself when a write fails, and data still in the kernel is lost.
    socket.destroy = (error) => {
      if (!isFailedWrite(error)) return destroy(error);
      if (broken === undefined) whenReadOut(socket, () => destroy(broken));
      broken ??= error;
      return socket;
    };
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

  /** The transport is open; its opening callbacks are dropped. */
  open(opened: OpenedConnection): void {
    this.opened = opened;
    this.opening = undefined;
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

/** Calls back when a turn of the event loop has brought nothing more. */
function whenReadOut(socket: net.Socket, callback: () => void): void {
  let readBytes = -1;
  const look = (): void => {
    if (socket.bytesRead === readBytes || socket.destroyed) return callback();
    readBytes = socket.bytesRead;
    setImmediate(look);
  };
  // The rest of this turn may read nothing.
  setImmediate(look);
}

function onConnect(this: net.Socket): void {
  (this as CarryingSocket)[TRANSPORT].opening?.onConnected();
}

function onSecureConnect(this: net.Socket): void {
  (this as CarryingSocket)[TRANSPORT].opening?.onSecured();
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
