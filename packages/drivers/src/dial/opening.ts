import net from 'node:net';
import type tls from 'node:tls';
import { aborted, CLOSED_WHILE_OPENING, timedOut, type Failure } from '../engine/failure.js';
import { afterReading } from './after-reading.js';
import type { Endpoint } from './addresses.js';
import { Attempt, type AttemptOwner } from './attempt.js';
import type { LookUp, Names } from './names.js';
import type { OwnAddresses } from './own-addresses.js';
import type { SocketTransport } from './socket-transport.js';
import { handshakeOf, type TlsClient } from './tls-client.js';
import type { Dialling, DialTarget, Transport } from './transport.js';

/** Exactly one of the two is called, once. Neither is called after `cancel`. */
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
  /** Transports whose sockets are not closed. */
  readonly transports: Set<SocketTransport>;
  /** Whether the dialler is closed and opens nothing more. */
  closed: boolean;
}

const ENGINE_CLOSED = aborted('the engine was closed');
/**
 * The next address is tried in parallel after this time without an answer (RFC 8305, section 5).
 */
const ATTEMPT_DELAY_MS = 250;

/** One connection being opened: name lookup, TCP to the first address that answers, TLS. */
export class Opening implements Dialling, LookUp, AttemptOwner {
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  /** Runs until the next address is tried. */
  #attemptTimer: NodeJS.Timeout | undefined;
  #endpoints: readonly Endpoint[] = [];
  #tried = 0;
  /** The attempts in progress, oldest first. In the end only the first to connect is left. */
  #attempts: Attempt[] = [];
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
    for (const { transport } of this.#attempts) transport.destroy();
  }

  onFound(endpoints: readonly Endpoint[]): void {
    if (!this.#over) this.#connectTo(endpoints, this.context.now());
  }

  onNotFound(failure: Failure): void {
    this.#fail(failure);
  }

  connected(attempt: Attempt): void {
    if (this.#over || this.#connectedAtMs !== undefined) return attempt.transport.destroy();
    clearTimeout(this.#attemptTimer);
    this.#connectedAtMs = this.context.now();
    attempt.endpoint.answered();
    this.#dropOthers(attempt);
    if (!this.target.secure) this.#open(attempt.transport, this.alpn[0]!, this.#connectedAtMs);
  }

  secured({ transport }: Attempt): void {
    const agreed = this.context.tls.agreed(transport.socket as tls.TLSSocket, this.alpn);
    if (typeof agreed === 'string') this.#open(transport, agreed, this.context.now());
    else this.#fail(agreed);
  }

  /** The attempt has failed. */
  closed(attempt: Attempt, failure: Failure | undefined): void {
    if (this.#over || !this.#attempts.includes(attempt)) return;
    this.#attempts = this.#attempts.filter((other) => other !== attempt);
    if (this.context.closed) this.#fail(ENGINE_CLOSED);
    else if (this.#connectedAtMs === undefined && this.#tried < this.#endpoints.length) this.#connect();
    else if (this.#attempts.length === 0) this.#fail(failure ?? CLOSED_WHILE_OPENING);
  }

  #connectTo(endpoints: readonly Endpoint[], atMs: number): void {
    this.#lookedUpAtMs = atMs;
    this.#endpoints = endpoints;
    if (this.context.closed) process.nextTick(() => this.#fail(ENGINE_CLOSED));
    else if (endpoints.length === 0) process.nextTick(() => this.#fail(noAddress(this.target.host)));
    else this.#connect();
  }

  /** Tries the next address. */
  #connect(): void {
    const { context, target } = this;
    const endpoint = this.#endpoints[this.#tried++]!;
    const { address, port = target.port } = endpoint;
    const localAddress = context.ownAddresses.next(address);
    const route = { host: address, port, ...(localAddress !== undefined && { localAddress }) };
    const connect = (onread: net.OnReadOpts): net.Socket => {
      const options = target.stream === true ? route : { ...route, onread };
      return target.secure
        ? context.tls.connect(target, this.alpn, options)
        : net.connect({ ...options, noDelay: true });
    };
    this.#attempts.push(new Attempt(endpoint, this, connect, context.transports));
    this.#tryNextLater();
  }

  /** Splits the remaining time equally among the addresses that follow, if it is short. */
  #tryNextLater(): void {
    clearTimeout(this.#attemptTimer);
    const following = this.#endpoints.length - this.#tried;
    if (following === 0) return;
    const leftMs = this.timeoutMs - (this.context.now() - this.#startedAtMs);
    const shareMs = this.timeoutMs === 0 ? Infinity : leftMs / (following + 1);
    this.#attemptTimer = afterReading(Math.min(ATTEMPT_DELAY_MS, shareMs), () => {
      if (!this.#over && this.#connectedAtMs === undefined) this.#connect();
    });
  }

  /** An attempt has connected. Those that began before it have not answered. */
  #dropOthers(first: Attempt): void {
    const all = this.#attempts;
    this.#attempts = [first];
    for (const [i, { endpoint, transport }] of all.entries()) {
      if (i < all.indexOf(first)) endpoint.lost(this.#connectedAtMs!);
      if (transport !== first.transport) transport.destroy();
    }
  }

  #open(transport: SocketTransport, protocol: string, openAtMs: number): void {
    if (this.#over) return;
    this.#settle();
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
