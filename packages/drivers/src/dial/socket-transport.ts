import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import { isFailedWrite, socketFailure } from '../engine/socket-errors.js';
import type { Transport, TransportReceiver } from './transport.js';

/** What all sockets of the lane read into: one event loop reads one socket at a time. */
const LENT = Buffer.allocUnsafeSlow(64 * 1024);
const TRANSPORT = Symbol('transport');

type CarryingSocket = net.Socket & { [TRANSPORT]: SocketTransport };

/** Who waits for a transport to be open. */
export interface TransportOpening extends TransportReceiver {
  onConnected(): void;
  onSecured(): void;
}

/**
 * A socket from its making to its end. An idle connection is little more than its socket: its listeners are
 * functions that all sockets share.
 */
export class SocketTransport implements Transport {
  readonly socket: net.Socket;
  opened!: OpenedConnection;
  receiver: TransportReceiver;
  /** Who waits for it to be open, until it is; for the socket's listeners. */
  opening: TransportOpening | undefined;
  #error: Error | undefined;
  #readsBeforeBreaking = false;

  /**
   * @param connect makes the socket; `onread` is for `net.connect` or `tls.connect`
   * @param opening the first receiver
   * @param all where it stands as long as its socket is not closed
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
    // None is taken off again when it has been called: that would cost an object for each, and the socket's table of them its form.
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
    // Streams destroy themselves when a write fails, and what the kernel still holds is lost.
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

  /** It is open: nobody waits for that any more. */
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
  // The rest of this turn may have no reading in it.
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
