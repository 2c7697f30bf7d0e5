import type net from 'node:net';
import type tls from 'node:tls';
import { Client } from 'undici';
import type { OpenedConnection } from '@drumline/model';
import { afterReading } from '../dial/after-reading.js';
import type { Dialler } from '../dial/dialler.js';
import { handshakeOf, type TlsClient } from '../dial/tls-client.js';
import { SILENT, type Dialling, type DialTarget, type Transport } from '../dial/transport.js';
import type { EngineRequest } from '../engine/contract.js';
import { CLOSED_WHILE_OPENING, timedOut, type Failure } from '../engine/failure.js';
import { socketFailure } from '../engine/socket-errors.js';
import { classify } from './classify.js';
import { ofProxy, proxyRefusal, type Proxy } from './proxy.js';
import { HTTP1, type Route, type RouteCallbacks } from './route.js';

/** What all tunnels of a lane share. */
interface TunnelContext {
  readonly dialler: Dialler;
  readonly proxy: Proxy;
  readonly tls: TlsClient;
  readonly now: () => number;
}

/** The route to targets with TLS. The proxy relays encrypted bytes: RFC 9110, section 9.3.6. */
export class TunnelRoute implements Route {
  constructor(private readonly context: TunnelContext) {}

  open(target: DialTarget, timeoutMs: number, callbacks: RouteCallbacks): Dialling {
    return new Tunnel(this.context, target, timeoutMs, callbacks);
  }

  address(request: EngineRequest): EngineRequest {
    return request;
  }

  refusal(): undefined {
    return undefined;
  }
}

/** The opening of a tunnel: TCP to the proxy, CONNECT, then TLS with the target. */
class Tunnel implements Dialling {
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  #transport: Transport | undefined;
  readonly #dialling: Dialling;
  readonly #startedAtMs: number;

  constructor(
    private readonly context: TunnelContext,
    private readonly target: DialTarget,
    private readonly timeoutMs: number,
    private readonly callbacks: RouteCallbacks,
  ) {
    this.#startedAtMs = context.now();
    this.#dialling = context.dialler.dial(context.proxy.target, HTTP1, timeoutMs, {
      onOpen: (transport) => this.#connect(transport),
      onFailed: (failure) => this.#fail(ofProxy(failure)),
    });
  }

  cancel(): void {
    this.#settle();
    this.#dialling.cancel();
    this.#transport?.destroy();
  }

  #connect(transport: Transport): void {
    this.#transport = transport;
    transport.receiver = SILENT;
    if (this.timeoutMs > 0) {
      const leftMs = this.timeoutMs - (this.context.now() - this.#startedAtMs);
      this.#timer = afterReading(leftMs, () => this.#fail(timedOut('connect', this.timeoutMs)));
    }
    const { host, port } = this.target;
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const client = new Client('http://proxy', {
      connect: (_, done) => queueMicrotask(() => done(null, transport.socket)),
    });
    client.connect(
      { path: authority, headers: ['host', authority, ...this.context.proxy.headers] },
      (error, answer) => {
        if (this.#over) return;
        if (error !== null) this.#fail(ofProxy(classify(error, false)));
        else if (answer.statusCode >= 300) this.#fail(proxyRefusal(answer.statusCode));
        else this.#secure(answer.socket as net.Socket, transport.opened.dnsMs);
      },
    );
  }

  #secure(tunnel: net.Socket, dnsMs: number): void {
    const tlsStartedAtMs = this.context.now();
    const tcpMs = tlsStartedAtMs - this.#startedAtMs - dnsMs;
    const socket = this.context.tls.connect(this.target, HTTP1, { socket: tunnel });
    let failure: Failure | undefined;
    socket.on('error', (error) => (failure ??= socketFailure(error)));
    socket.once('close', () => this.#fail(failure ?? CLOSED_WHILE_OPENING));
    socket.once('secureConnect', () => {
      const tlsMs = this.context.now() - tlsStartedAtMs;
      this.#open(socket, { protocol: 'http/1.1', dnsMs, tcpMs, tlsMs, tls: handshakeOf(socket) });
    });
  }

  #open(socket: tls.TLSSocket, opened: OpenedConnection): void {
    if (this.#over) return;
    this.#settle();
    this.callbacks.onOpen(socket, opened);
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
