import net from 'node:net';
import type tls from 'node:tls';
import { aborted, CLOSED_WHILE_OPENING, timedOut, type Failure } from '../engine/failure.js';
import { afterReading } from './after-reading.js';
import type { Endpoint } from './addresses.js';
import type { LookUp, Names } from './names.js';
import type { OwnAddresses } from './own-addresses.js';
import { SocketTransport, type TransportOpening } from './socket-transport.js';
import { handshakeOf, type TlsClient } from './tls-client.js';
import type { Dialling, DialTarget, Transport } from './transport.js';

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
  readonly ownAddresses: OwnAddresses;
  /** Those whose sockets are not closed. */
  readonly transports: Set<SocketTransport>;
  /** Nothing is opened any more. */
  closed: boolean;
}

const ENGINE_CLOSED = aborted('the engine was closed');
/** One connection from the call to its being open: look-up, TCP to one address after the other, TLS. */
export class Opening implements Dialling, LookUp, TransportOpening {
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  /** Of an attempt that others may follow. */
  #attemptTimer: NodeJS.Timeout | undefined;
  #endpoints: readonly Endpoint[] = [];
  #tried = 0;
  #transport: SocketTransport | undefined;
  readonly #startedAtMs: number;
  #lookedUpAtMs = 0;
  #connectedAtMs: number | undefined;

  constructor(
    private readonly context: DialContext,
    private readonly target: DialTarget,
    private readonly alpn: readonly string[],
    private readonly timeoutMs: number,
    private readonly callbacks: DialCallbacks,
  ) {
    this.#startedAtMs = context.now();
    if (timeoutMs > 0) {
      this.#timer = afterReading(timeoutMs, () => this.#fail(timedOut('connect', timeoutMs)));
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

  onConnected(): void {
    clearTimeout(this.#attemptTimer);
    this.#connectedAtMs = this.context.now();
    if (!this.target.secure) this.#open(this.alpn[0]!, this.#connectedAtMs);
  }

  onSecured(): void {
    const agreed = this.context.tls.agreed(this.#transport!.socket as tls.TLSSocket, this.alpn);
    if (typeof agreed === 'string') this.#open(agreed, this.context.now());
    else this.#fail(agreed);
  }

  /** The attempt has failed. */
  onClosed(failure: Failure | undefined): void {
    if (this.#over) return;
    clearTimeout(this.#attemptTimer);
    if (this.context.closed) this.#fail(ENGINE_CLOSED);
    else if (this.#connectedAtMs === undefined && this.#tried < this.#endpoints.length) this.#connect();
    else this.#fail(failure ?? CLOSED_WHILE_OPENING);
  }

  #connectTo(endpoints: readonly Endpoint[], atMs: number): void {
    this.#lookedUpAtMs = atMs;
    this.#endpoints = endpoints;
    if (this.context.closed) process.nextTick(() => this.#fail(ENGINE_CLOSED));
    else if (endpoints.length === 0) process.nextTick(() => this.#fail(noAddress(this.target.host)));
    else this.#connect();
  }

  #connect(): void {
    const { context, target } = this;
    const { address, port = target.port } = this.#endpoints[this.#tried++]!;
    const localAddress = context.ownAddresses.next(address);
    const route = { host: address, port, ...(localAddress !== undefined && { localAddress }) };
    const transport = new SocketTransport(
      (onread) => {
        const options = target.stream === true ? route : { ...route, onread };
        return target.secure
          ? context.tls.connect(target, this.alpn, options)
          : net.connect({ ...options, noDelay: true });
      },
      this,
      context.transports,
    );
    this.#transport = transport;
    this.#limitAttempt(transport);
  }

  /** An address that keeps silent leaves an equal share of the time to each that follows. */
  #limitAttempt(transport: SocketTransport): void {
    const following = this.#endpoints.length - this.#tried;
    if (this.timeoutMs === 0 || following === 0) return;
    const leftMs = this.timeoutMs - (this.context.now() - this.#startedAtMs);
    this.#attemptTimer = afterReading(leftMs / (following + 1), () => {
      if (this.#connectedAtMs === undefined) transport.destroy();
    });
  }

  #open(protocol: string, openAtMs: number): void {
    if (this.#over) return;
    this.#settle();
    const transport = this.#transport!;
    const phases = {
      dnsMs: this.#lookedUpAtMs - this.#startedAtMs,
      tcpMs: this.#connectedAtMs! - this.#lookedUpAtMs,
      tlsMs: openAtMs - this.#connectedAtMs!,
    };
    transport.open(
      this.target.secure
        ? { protocol, ...phases, tls: handshakeOf(transport.socket as tls.TLSSocket) }
        : { protocol, ...phases },
    );
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
    clearTimeout(this.#attemptTimer);
  }
}

function noAddress(host: string): Failure {
  return { class: 'dns', code: 'NO_ADDRESS', message: `no address of the family asked for: ${host}` };
}
