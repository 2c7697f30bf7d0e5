import type { IncomingMessage } from 'node:http';
import type net from 'node:net';
import { messageOf, type OpenedConnection, type Sample, type SeriesKey } from '@drumline/model';
import type { WebSocket } from 'ws';
import { InterruptedError } from '../calls/interrupted.js';
import type { StartDelay } from '../calls/start-delay.js';
import type { CallTrace } from '../calls/tracer.js';
import type { Dialler } from '../dial/dialler.js';
import { SILENT, type Dialling } from '../dial/transport.js';
import { ByteMeter } from './bytes.js';
import { handshakeEvidence } from './evidence.js';
import { DialError, handshakeFailure } from './failure.js';
import { readRefusal } from './refusal.js';
import { CountedWait, type SampleDetails } from './wait.js';

/** A connection ready to be opened for a user. */
export interface HandshakeRequest {
  readonly url: URL;
  readonly series: SeriesKey;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly protocols: readonly string[];
  readonly compress: boolean;
  /** The trace in the headers, if there is one. */
  readonly trace: CallTrace | undefined;
  /** Limit for a message, as received or decompressed; 0 for no limit. */
  readonly maxBodyBytes: number;
  /** From the start to the open connection; 0 for no limit. */
  readonly timeoutMs: number;
  /** Limit for name lookup, TCP and TLS together; 0 for no limit. */
  readonly connectTimeoutMs: number;
}

export interface HandshakeContext<T> {
  readonly library: typeof WebSocket;
  readonly dialler: Dialler;
  readonly now: () => number;
  readonly onSample: (sample: Sample) => void;
  readonly delay?: StartDelay | undefined;
  /** The response headers have arrived, with any status. */
  readonly onHead: (head: IncomingMessage) => void;
  /** Takes over the open connection before any data arrives on it. */
  readonly onOpen: (socket: WebSocket, meter: ByteMeter) => T;
}

/**
 * The opening handshake (RFC 6455, 4.1): connects, requests the upgrade, and gives one sample for
 * all of it.
 */
export class Handshake<T> {
  /** Details left out of the failure text. */
  #example: string | undefined;
  /** Rejects with a WsError, or an InterruptedError. */
  readonly done: Promise<T>;
  readonly #startedAtMs: number;
  readonly #wait: CountedWait<T>;
  readonly #socket: WebSocket;
  #dialling: Dialling | undefined;
  #opened: OpenedConnection | undefined;
  #meter: ByteMeter | undefined;
  #head: IncomingMessage | undefined;
  /** Start of the body of a response that refused the handshake. */
  #body: Uint8Array | undefined;
  /** Ends the handshake with the response that refused it. Undefined without one. */
  #endRefused: (() => void) | undefined;

  /** @throws TypeError if the headers or protocols cannot be sent */
  constructor(
    private readonly request: HandshakeRequest,
    private readonly context: HandshakeContext<T>,
  ) {
    const { now, onSample, onOpen, delay } = context;
    this.#startedAtMs = now();
    this.#socket = this.#start();
    this.#wait = new CountedWait<T>(request.series, this.#startedAtMs, request.timeoutMs, {
      now,
      onSample,
      delay,
      takeBytes: () => this.#meter?.take() ?? { bytesSent: 0, bytesReceived: 0 },
      details: (endedAtMs) => this.#details(endedAtMs),
    });
    this.#wait.evidence = () => handshakeEvidence(request, this.#head, this.#body);
    this.done = this.#wait.done;
    const onError = (error: unknown): void => {
      if (error instanceof DialError) this.#example = error.failure.detail;
      this.#fail(handshakeFailure(error));
    };
    this.#socket.on('upgrade', (head) => this.#received(head));
    this.#socket.on('unexpected-response', (_, head) => {
      this.#received(head);
      this.#refused(head);
    });
    this.#socket.on('error', onError);
    this.#socket.once('open', () => {
      this.#socket.off('error', onError);
      this.#wait.pass(onOpen(this.#socket, this.#meter!), now());
    });
    this.#wait.limit('no handshake', (failure) =>
      this.#endRefused ? this.#endRefused() : this.#fail(failure),
    );
  }

  /**
   * Cancels it. Recorded as `interrupted` if the target may have seen the request, otherwise not at
   * all.
   */
  interrupt(): void {
    if (this.#opened === undefined) this.#wait.forget(new InterruptedError());
    else this.#wait.interrupt();
    this.#abandon();
  }

  #start(): WebSocket {
    const { url, headers, protocols, compress, maxBodyBytes, series } = this.request;
    const { library: Library } = this.context;
    try {
      return new Library(url, [...protocols], {
        headers: headers as Record<string, string>,
        perMessageDeflate: compress,
        maxPayload: maxBodyBytes,
        createConnection: ((_: unknown, done: (error: Error | null, socket?: net.Socket) => void) =>
          this.#dial(done)) as never,
      });
    } catch (cause) {
      throw new TypeError(`${series.method} ${series.name}: ${messageOf(cause)}`, { cause });
    }
  }

  #dial(done: (error: Error | null, socket?: net.Socket) => void): void {
    const { url, connectTimeoutMs } = this.request;
    const secure = url.protocol === 'wss:';
    const target = {
      secure,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 443 : 80),
      stream: true,
    };
    this.#dialling = this.context.dialler.dial(target, ['http/1.1'], connectTimeoutMs, {
      onOpen: (transport) => {
        transport.receiver = SILENT;
        this.#opened = { ...transport.opened, protocol: 'ws' };
        this.#meter = new ByteMeter(transport.socket);
        done(null, transport.socket);
      },
      onFailed: (failure) => done(new DialError(failure)),
    });
  }

  #received(head: IncomingMessage): void {
    this.#head = head;
    this.context.onHead(head);
  }

  /** The response time ends with the head. The body only explains the refusal. */
  #refused(head: IncomingMessage): void {
    const endedAtMs = this.context.now();
    this.#endRefused = readRefusal(head, (body) => {
      this.#body = body;
      this.#fail(`status ${head.statusCode}`, endedAtMs);
    });
  }

  #fail(failure: string, endedAtMs?: number): void {
    this.#wait.fail(failure, undefined, endedAtMs);
    this.#abandon();
  }

  #abandon(): void {
    this.#dialling?.cancel();
    this.#socket.terminate();
  }

  #details(endedAtMs: number): SampleDetails {
    const { trace } = this.request;
    const status = this.#head?.statusCode;
    if (this.#opened === undefined)
      return this.#example === undefined ? { ...trace } : { ...trace, example: this.#example };
    const { dnsMs, tcpMs, tlsMs } = this.#opened;
    const connectMs = dnsMs + tcpMs + tlsMs;
    // Request and response are a few hundred bytes each, so their transfer is not timed.
    const waitMs = Math.max(0, endedAtMs - this.#startedAtMs - connectMs);
    return {
      ...trace,
      status,
      opened: [this.#opened],
      phases: { queuedMs: 0, connectMs, sendMs: 0, waitMs, receiveMs: 0 },
    };
  }
}
