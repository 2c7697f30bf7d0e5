import net from 'node:net';
import type tls from 'node:tls';
import { aborted, timedOut, type Failure } from '../engine/failure.js';
import type { Endpoint } from './addresses.js';
import type { LookUp, Names } from './names.js';
import { SocketTransport } from './socket-transport.js';
import { handshakeOf, type TlsClient } from './tls-client.js';
import type { Dialling, DialTarget, Transport, TransportReceiver } from './transport.js';

/** Exactly one is called, once; none after `cancel`. */
export interface DialCallbacks {
  /** Must set the transport's receiver before it returns. */
  onOpen(transport: Transport): void;
  onFailed(failure: Failure): void;
}

/** What the dials of a lane share. */
export interface DialContext {
  readonly now: () => number;
  readonly names: Names;
  readonly tls: TlsClient;
  readonly transports: Set<SocketTransport>;
  /** The dialler is closed: nothing is opened any more. */
  closed: boolean;
  /** The own address to connect from; undefined leaves it to the system. */
  ownAddress(peer: string): string | undefined;
}

/** One connection from the call to its being open: look-up, TCP to one address after the other, TLS. */
export class Opening implements Dialling, LookUp, TransportReceiver {
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  #endpoints: readonly Endpoint[] = [];
  #tried = 0;
  #transport: SocketTransport | undefined;
  readonly #startedAtMs: number;
  #lookedUpAtMs = 0;
  #connectedAtMs = 0;

  constructor(
    private readonly context: DialContext,
    private readonly target: DialTarget,
    private readonly alpn: readonly string[],
    timeoutMs: number,
    private readonly callbacks: DialCallbacks,
  ) {
    this.#startedAtMs = context.now();
    if (timeoutMs > 0) {
      // Timers fire before sockets are read in a turn of the loop: whatever has already arrived is read first.
      this.#timer = setTimeout(
        () => setImmediate(() => this.#fail(timedOut('connect', timeoutMs))),
        timeoutMs,
      );
    }
    const known = context.names.known(target);
    if (known === undefined) context.names.lookUp(target.host, this);
    else this.#connectTo(known, this.#startedAtMs);
  }

  cancel(): void {
    this.#settle();
    this.#transport?.destroy();
  }

  onFound(endpoints: readonly Endpoint[]): void {
    if (!this.#over) this.#connectTo(endpoints, this.context.now());
  }

  onNotFound(failure: Failure): void {
    this.#fail(failure);
  }

  onBytes(): void {}

  onDrain(): void {}

  onEnd(): void {}

  onClosed(failure: Failure | undefined): void {
    if (this.#over) return;
    if (this.context.closed) this.#fail(aborted(DIALLER_CLOSED));
    else if (this.#connectedAtMs === 0 && this.#tried < this.#endpoints.length) this.#connect();
    else this.#fail(failure ?? CLOSED);
  }

  #connectTo(endpoints: readonly Endpoint[], atMs: number): void {
    this.#lookedUpAtMs = atMs;
    this.#endpoints = endpoints;
    if (this.context.closed) process.nextTick(() => this.#fail(aborted(DIALLER_CLOSED)));
    else if (endpoints.length === 0) process.nextTick(() => this.#fail(noAddress(this.target.host)));
    else this.#connect();
  }

  #connect(): void {
    const { context, target } = this;
    const { address, port = target.port } = this.#endpoints[this.#tried++]!;
    const localAddress = context.ownAddress(address);
    const local = localAddress === undefined ? undefined : { localAddress };
    const transport = new SocketTransport(
      (onread) =>
        target.secure
          ? context.tls.connect(target, this.alpn, { host: address, port, onread, ...local })
          : net.connect({ host: address, port, onread, noDelay: true, ...local }),
      this,
      context.transports,
    );
    this.#transport = transport;
    if (target.secure) transport.socket.setNoDelay(true);
    transport.socket.once('connect', () => this.#connected());
    if (target.secure) transport.socket.once('secureConnect', () => this.#secured());
  }

  #connected(): void {
    this.#connectedAtMs = this.context.now();
    if (!this.target.secure && !this.#over) this.#open(this.alpn[0]!, this.#connectedAtMs);
  }

  #secured(): void {
    if (this.#over) return;
    const agreed = this.context.tls.agreed(this.#transport!.socket as tls.TLSSocket, this.alpn);
    if (typeof agreed === 'string') this.#open(agreed, this.context.now());
    else this.#fail(agreed);
  }

  #open(protocol: string, openAtMs: number): void {
    this.#settle();
    const transport = this.#transport!;
    const opened = {
      protocol,
      dnsMs: this.#lookedUpAtMs - this.#startedAtMs,
      tcpMs: this.#connectedAtMs - this.#lookedUpAtMs,
      tlsMs: openAtMs - this.#connectedAtMs,
    };
    transport.opened = this.target.secure
      ? { ...opened, tls: handshakeOf(transport.socket as tls.TLSSocket) }
      : opened;
    this.callbacks.onOpen(transport);
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.cancel();
    this.callbacks.onFailed(failure);
  }

  #settle(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}

const DIALLER_CLOSED = 'the engine was closed';
const CLOSED: Failure = {
  class: 'reset',
  code: 'CLOSED_WHILE_OPENING',
  message: 'connection closed while it was being opened',
};

function noAddress(host: string): Failure {
  return { class: 'dns', code: 'NO_ADDRESS', message: `no address of the wanted family: ${host}` };
}
