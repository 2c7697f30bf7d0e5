import type { IncomingMessage } from 'node:http';
import type net from 'node:net';
import tls from 'node:tls';
import { messageOf, type OpenedConnection, type Sample, type SeriesKey } from '@drumline/model';
import type { WebSocket } from 'ws';
import { InterruptedError } from '../http/interrupted.js';
import type { Dial, Dialler } from '../undici/dialler.js';
import { ByteMeter } from './bytes.js';
import { handshakeFailure } from './failure.js';
import { CountedWait } from './wait.js';

/** A connection that a user wants, ready to be opened. */
export interface HandshakeRequest {
  readonly url: URL;
  readonly series: SeriesKey;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly protocols: readonly string[];
  readonly compress: boolean;
  /** From the start to the open connection; 0 for no limit. */
  readonly timeoutMs: number;
  /** Name look-up, TCP and TLS together; 0 for no limit. */
  readonly connectTimeoutMs: number;
}

export interface HandshakeContext<T> {
  readonly library: typeof WebSocket;
  readonly dialler: Dialler;
  readonly now: () => number;
  readonly onSample: (sample: Sample) => void;
  /** The answer's head has come, whatever it says. */
  readonly onHead: (head: IncomingMessage) => void;
  /** Takes over the open connection, before anything comes in on it. */
  readonly onOpen: (socket: WebSocket, meter: ByteMeter) => T;
}

/** The opening handshake (RFC 6455, 4.1): connects, asks for the upgrade, and gives one sample for it all. */
export class Handshake<T> {
  /** Rejects with a WsError, or an InterruptedError. */
  readonly done: Promise<T>;
  readonly #socket: WebSocket;
  readonly #wait: CountedWait<T>;
  #dial!: Dial;

  /** @throws TypeError if the headers or protocols cannot be sent */
  constructor(
    private readonly request: HandshakeRequest,
    private readonly context: HandshakeContext<T>,
  ) {
    const { now, onSample, onHead, onOpen } = context;
    const startedAtMs = now();
    this.#socket = this.#start();
    const meter = new ByteMeter(this.#dial.socket);
    const wait = new CountedWait<T>(request.series, startedAtMs, request.timeoutMs, {
      now,
      onSample,
      takeBytes: () => meter.take(),
      details: (endedAtMs) => this.#details(startedAtMs, endedAtMs),
    });
    this.#wait = wait;
    this.done = wait.done;
    const giveUp = (failure: string): void => {
      wait.fail(failure);
      this.#socket.terminate();
    };
    this.#socket.on('upgrade', onHead);
    this.#socket.on('unexpected-response', (_, head) => {
      onHead(head);
      giveUp(`status ${head.statusCode}`);
    });
    const onError = (error: Error): void => wait.fail(handshakeFailure(error, request.url.hostname));
    this.#socket.on('error', onError);
    this.#socket.once('open', () => {
      this.#socket.off('error', onError);
      wait.pass(onOpen(this.#socket, meter), now());
    });
    wait.limit('no handshake', giveUp);
  }

  /** Cuts it off. Recorded as `interrupted` if the target may have seen the request, otherwise not at all. */
  interrupt(): void {
    if (this.#dial.timing() === undefined) this.#wait.forget(new InterruptedError());
    else this.#wait.interrupt();
    this.#socket.terminate();
  }

  #start(): WebSocket {
    const { url, headers, protocols, compress, connectTimeoutMs } = this.request;
    const { library: Library, dialler } = this.context;
    const secure = url.protocol === 'wss:';
    const destination = {
      protocol: secure ? 'https:' : 'http:',
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
    };
    try {
      return new Library(url, [...protocols], {
        headers: headers as Record<string, string>,
        perMessageDeflate: compress,
        createConnection: () => {
          this.#dial = dialler.dial(destination, connectTimeoutMs, () => {});
          return this.#dial.socket;
        },
      });
    } catch (cause) {
      throw new TypeError(`CONNECT ${this.request.series.name}: ${messageOf(cause)}`, { cause });
    }
  }

  #details(startedAtMs: number, endedAtMs: number): Pick<Sample, 'phases' | 'opened'> {
    const timing = this.#dial.timing();
    if (timing === undefined) return {};
    const opened = { ...timing, protocol: 'ws', ...tlsOf(this.#dial.socket) };
    const connectMs = opened.dnsMs + opened.tcpMs + opened.tlsMs;
    // Request and answer are a few hundred bytes each: they take no time of their own.
    const waitMs = Math.max(0, endedAtMs - startedAtMs - connectMs);
    return { opened: [opened], phases: { queuedMs: 0, connectMs, sendMs: 0, waitMs, receiveMs: 0 } };
  }
}

function tlsOf(socket: net.Socket): Pick<OpenedConnection, 'tls'> {
  if (!(socket instanceof tls.TLSSocket)) return {};
  const version = socket.getProtocol() ?? '';
  return { tls: { version, cipher: socket.getCipher().standardName, resumed: socket.isSessionReused() } };
}
