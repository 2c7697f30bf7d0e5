import type { IncomingMessage } from 'node:http';
import { parseDuration, requireKnownKeys, type SeriesKey } from '@drumline/model';
import type { WebSocket } from 'ws';
import { hasHeader, type DefaultHeaders } from '../calls/headers.js';
import { interruptedGate, refuse, type CallGate } from '../calls/interrupted.js';
import type { SeriesCatalog } from '../calls/series-catalog.js';
import type { StartDelay } from '../calls/start-delay.js';
import type { Tracer } from '../calls/tracer.js';
import type { Dialler } from '../dial/dialler.js';
import { bodyLimitOf } from '../settings/body-limit.js';
import type { ResolvedUrl, Target } from '../url/target.js';
import type { ByteMeter } from './bytes.js';
import { Channel } from './channel.js';
import type { WsConnection } from './connection.js';
import { Handshake, type HandshakeRequest } from './handshake.js';
import { loadWebSocket } from './library.js';
import { CONNECT_KEYS } from './option-keys.js';
import type { ConnectOptions, WaitOptions } from './options.js';
import type { WsSink } from './pending-waits.js';

/** What the handshakes of a user take from its HTTP client. */
export interface UserHttp {
  readonly headers: Pick<DefaultHeaders, 'merged'>;
  readonly cookies: {
    /** The `cookie` header for a URL; empty without cookies. */
    header(url: string): string;
    store(setCookies: readonly string[], url: string): void;
  };
  /** The `authorization` header of OAuth 2 for an origin, if it is to be sent there. */
  tokenFor?(origin: string): string | undefined;
}

/** What the clients of a lane share. */
export interface WsClientParts {
  readonly target: Target;
  readonly dialler: Dialler;
  readonly series: SeriesCatalog;
  readonly sink: WsSink;
  readonly now: () => number;
  /** The HTTP client of the same user. */
  readonly http: UserHttp;
  readonly delay?: StartDelay | undefined;
  readonly cookies: boolean;
  /** Undefined if no call gets a trace. */
  readonly tracer: Tracer | undefined;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Of a message; 0 for no limit. */
  readonly maxBodyBytes: number;
}

const DEFAULT_BACKLOG = 1_000;

/** WebSockets of one user. */
export class WsClient {
  readonly #parts: WsClientParts;
  readonly #handshakes = new Set<Handshake<WsConnection>>();
  readonly #channels = new Set<Channel>();
  #gate: CallGate | undefined;

  constructor(parts: WsClientParts) {
    this.#parts = parts;
  }

  /**
   * Opens a connection.
   *
   * The handshake sends the headers and cookies of the user's HTTP client, and stores the cookies
   * of the response. It is counted as `CONNECT`, from the call to the open connection. If the
   * connection is lost later, while nothing is waiting on it, its `CONNECT` becomes a failed one.
   * @param url `wss:` or `ws:`, or relative to the target, whose `https:` becomes `wss:`
   * @throws WsError, counted as failed, if the connection does not open; redirects are not followed
   * @throws TypeError or RangeError if URL, headers or options are invalid; such a call is not
   * counted
   * @throws InterruptedError when the run has stopped the user
   */
  async connect(url: string, options: ConnectOptions = {}): Promise<WsConnection> {
    const refusal = this.#gate?.();
    if (refusal !== undefined) return await refuse(refusal);
    requireKnownKeys(options, CONNECT_KEYS, `connect to ${url}`);
    const { target, series, sink } = this.#parts;
    const resolved = target.resolve(url.replace(/^ws(s?:\/\/)/i, 'http$1'));
    const name = options.name ?? toWs(resolved.name);
    const request = this.#prepare(resolved, series.key('CONNECT', name, options.tags), options);
    const library = await loadWebSocket();
    const lateRefusal = this.#gate?.();
    if (lateRefusal !== undefined) throw lateRefusal;
    const handshake = new Handshake<WsConnection>(request, {
      ...this.#parts,
      library,
      onSample: sink.onSample,
      onHead: (head) => this.#keepCookies(head, resolved),
      onOpen: (socket, meter) => this.#open(socket, meter, request, options),
    });
    this.#handshakes.add(handshake);
    try {
      return await handshake.done;
    } finally {
      this.#handshakes.delete(handshake);
    }
  }

  /** @internal Whether a connection is being opened. */
  get hasPending(): boolean {
    return this.#handshakes.size > 0;
  }

  /**
   * Cancels everything pending, permanently. It is recorded as `interrupted`, and every later call
   * gets an InterruptedError.
   */
  interrupt(): void {
    this.#gate = interruptedGate;
    for (const handshake of this.#handshakes) handshake.interrupt();
    for (const channel of this.#channels) channel.interrupt();
  }

  /**
   * @internal Sets a gate that every call must pass. Without a gate, calls are possible again, even
   * after `interrupt`. Must not be called after `close`.
   */
  setGate(gate: CallGate | undefined): void {
    this.#gate = gate;
  }

  /**
   * Interrupts, and closes the connections. Resolves when they are closed, after a second at the
   * latest.
   */
  async close(): Promise<void> {
    this.interrupt();
    await Promise.all([...this.#channels].map((channel) => channel.leave()));
  }

  #prepare(url: ResolvedUrl, series: SeriesKey, options: ConnectOptions): HandshakeRequest {
    const { http, timeoutMs, connectTimeoutMs, tracer } = this.#parts;
    const { headers, protocols = [], timeout, compress = false } = options;
    const flat = http.headers.merged(headers ?? {});
    const cookie = this.#parts.cookies ? http.cookies.header(url.origin + url.path) : '';
    if (cookie !== '' && !hasHeader(flat, 'cookie')) flat.push('cookie', cookie);
    const authorization = url.authorization ?? http.tokenFor?.(url.origin);
    if (authorization !== undefined && !hasHeader(flat, 'authorization')) {
      flat.push('authorization', authorization);
    }
    const trace = tracer?.traceOf(flat);
    return {
      url: new URL(toWs(url.origin + url.path)),
      series,
      headers: grouped(trace === undefined ? flat : tracer!.traced(flat, trace)),
      trace,
      protocols: typeof protocols === 'string' ? [protocols] : protocols,
      compress,
      maxBodyBytes: bodyLimitOf(options, this.#parts.maxBodyBytes),
      timeoutMs: timeout === undefined ? timeoutMs : parseDuration(timeout),
      connectTimeoutMs,
    };
  }

  #open(
    socket: WebSocket,
    meter: ByteMeter,
    { series: connectSeries, trace }: HandshakeRequest,
    options: ConnectOptions,
  ): Channel {
    const { series, sink, now, timeoutMs, maxBodyBytes, delay } = this.#parts;
    const channel = new Channel(socket, meter, {
      sink,
      now,
      delay,
      timeoutMs,
      connectSeries,
      traceId: trace?.traceId,
      seriesOf: (method, { name, tags }) =>
        series.key(method, name ?? connectSeries.name, mergeTags(options.tags, tags)),
      backlog: options.backlog ?? DEFAULT_BACKLOG,
      maxBodyBytes: bodyLimitOf(options, maxBodyBytes),
      refusal: () => this.#gate?.(),
    });
    this.#channels.add(channel);
    socket.once('close', () => this.#channels.delete(channel));
    return channel;
  }

  #keepCookies(head: IncomingMessage, url: ResolvedUrl): void {
    const cookies = head.headers['set-cookie'];
    if (!this.#parts.cookies || cookies === undefined) return;
    this.#parts.http.cookies.store(cookies, url.origin + url.path);
  }
}

function toWs(url: string): string {
  return url.replace(/^http(s?:\/\/)/, 'ws$1');
}

function mergeTags(
  connection: ConnectOptions['tags'],
  wait: WaitOptions['tags'],
): Readonly<Record<string, string>> | undefined {
  return connection === undefined || wait === undefined ? (connection ?? wait) : { ...connection, ...wait };
}

/** Flat headers as Node wants them. */
function grouped(flat: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let i = 0; i < flat.length; i += 2) {
    const [name, value] = [flat[i]!, flat[i + 1]!];
    headers[name] = headers[name] === undefined ? value : [headers[name], value].flat();
  }
  return headers;
}
