import type { OpenedConnection } from '@drumline/model';
import type { Transport, TransportReceiver } from '../dial/transport.js';
import { atTurnEnd, atTurnEndOnly, type TurnEnding } from '../dial/turn-end.js';
import { CLOSED_WHILE_IDLE, closedEarly, type Failure } from '../engine/failure.js';
import { isConnectionClosed, mayResend } from '../engine/resend.js';
import type { Oddity } from '../engine/oddities.js';
import type { H1Head } from '../h1/head.js';
import { ResponseParser, type ResponseSink } from '../h1/parser.js';
import type { BatchClock } from './clock.js';
import type { ConnectionOwner, NativeConnection } from './connection.js';
import type { Carrier, NativeExchange } from './exchange.js';
import { bodyWriter, writeRequest } from './h1-body-writer.js';
import type { HeadWriter, WrittenHead } from './head-writer.js';
import { IDLE_FROM_MS } from '../engine/idle-limit.js';
import { InvalidRequest } from './request-rules.js';
import { Upload, type UploadOwner } from './upload.js';

/** Shared by the HTTP/1.1 connections of a lane. */
export interface H1Shared {
  readonly clock: BatchClock;
  readonly heads: HeadWriter;
  /** Whether to reject responses that violate the standard but that others accept. */
  readonly strict: boolean;
}

/** One HTTP/1.1 connection. Carries one exchange at a time. */
export class H1Connection
  implements NativeConnection, TransportReceiver, ResponseSink, Carrier, UploadOwner, TurnEnding
{
  /** Rounded: an integer needs no separate memory. */
  idleSinceMs: number;
  lingersSinceMs = 0;
  opening: OpenedConnection | undefined;
  readonly #parser: ResponseParser;
  #exchange: NativeExchange | undefined;
  /** The head of the request, until the end of the turn. */
  #unsent: WrittenHead | undefined;
  #upload: Upload | undefined;
  #retired = false;
  /** Whether only the server will close it, after its idle limit. */
  #kept = true;
  /** Idle time before the current request. Rounded, as above. */
  #idleMs = 0;
  #paused = false;
  /** Set when the response is complete, until it has been delivered. */
  #trailers: readonly string[] | undefined;
  /** Whether the current request asked the server to close the connection. */
  #closes = false;

  constructor(
    private readonly transport: Transport,
    private readonly authority: string,
    private readonly owner: ConnectionOwner,
    private readonly shared: H1Shared,
  ) {
    this.#parser = new ResponseParser(this, shared.strict);
    this.opening = transport.opened;
    this.idleSinceMs = Math.floor(shared.clock.now());
    transport.receiver = this;
  }

  get protocol(): 'http/1.1' {
    return 'http/1.1';
  }

  get room(): number {
    return this.#exchange === undefined && !this.#retired ? 1 : 0;
  }

  get busy(): number {
    return this.#exchange === undefined ? 0 : 1;
  }

  get serverIdleLimitMs(): number | undefined {
    return this.#parser.keepAliveLimitMs;
  }

  /** The instant of the bytes being read. */
  get #atMs(): number {
    return this.shared.clock.arrivalMs();
  }

  carry(exchange: NativeExchange): void {
    const { request } = exchange;
    let head: WrittenHead;
    try {
      head = this.shared.heads.write(request, this.authority, exchange.keepAlive);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      queueMicrotask(() => {
        exchange.fail(error.failure);
        this.owner.onRoom(this);
      });
      return;
    }
    this.#exchange = exchange;
    this.#closes = head.closes;
    this.#unsent = head;
    exchange.carriedBy(this);
    this.#parser.begin(request.method);
    this.#idleMs = Math.floor(exchange.startedAtMs) - this.idleSinceMs;
    if (this.#idleMs < IDLE_FROM_MS) atTurnEnd(this);
    else atTurnEndOnly(this);
  }

  turnEnded(): void {
    const head = this.#unsent;
    if (head === undefined) return;
    this.#unsent = undefined;
    this.#send(this.#exchange!, head);
  }

  retire(): void {
    this.lingersSinceMs = Math.floor(this.shared.clock.now());
    this.#retire();
  }

  destroy(failure: Failure): void {
    const exchange = this.#release();
    this.#kept = false;
    this.#retire();
    this.transport.destroy();
    exchange?.fail(failure);
  }

  abandon(exchange: NativeExchange): void {
    if (exchange !== this.#exchange) return;
    this.#release();
    this.#close();
  }

  pause(): void {
    this.#paused = true;
    this.transport.pause();
  }

  resume(): void {
    this.#paused = false;
    this.transport.resume();
  }

  onBytes(bytes: Buffer, length: number): void {
    const exchange = this.#exchange;
    // Unsolicited bytes would answer the next request.
    if (exchange === undefined) return this.#close();
    if (this.#unsent !== undefined) {
      if (isOnKept(exchange)) return this.#giveBack(exchange);
      this.turnEnded();
    }
    exchange.arrived(this.shared.clock.arrivalAfterMs(exchange.sentAtMs!));
    exchange.bytesReceived += length;
    const used = this.#parser.feed(bytes, length);
    if (used >= 0) exchange.bytesReceived -= length - used;
    if (used < 0) exchange.fail(this.#parser.failure!, this.shared.clock.now());
    else if (this.#trailers !== undefined) this.#conclude(exchange, used === length);
  }

  onHead(head: H1Head, expectedBytes: number): void {
    this.#exchange?.headArrived(head, expectedBytes, this.#atMs);
  }

  onOddity(oddity: Oddity): void {
    this.#exchange?.odd(oddity);
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    this.#exchange?.bodyArrived(bytes, start, end, this.#atMs);
  }

  onComplete(rawTrailers: readonly string[]): void {
    this.#trailers = rawTrailers;
  }

  onDrain(): void {
    if (this.#upload !== undefined) this.#upload.drained();
    else if (this.#exchange?.sendEndedAtMs === undefined) this.#exchange?.sendEnded(this.shared.clock.now());
  }

  onEnd(): void {
    this.#retire();
    const exchange = this.#exchange;
    if (exchange === undefined) this.#closedIdle();
    else if (this.#unsent !== undefined && isOnKept(exchange)) this.#giveBack(exchange);
    else if (this.#parser.finish() === undefined) this.#conclude(exchange, false);
    // The reason is known only on close: a TLS alert may precede the end.
    else this.transport.destroy();
  }

  onClosed(failure: Failure | undefined): void {
    this.#retire();
    const exchange = this.#exchange;
    if (exchange === undefined) this.#closedIdle();
    else if (this.#unsent !== undefined && isOnKept(exchange)) this.#giveBack(exchange);
    else this.#closedWith(exchange, failure ?? closedEarly(exchange.firstByteAtMs !== undefined));
    this.owner.onClosed(this);
  }

  uploadEnded(): void {
    this.#upload = undefined;
    this.#exchange?.sendEnded(this.shared.clock.now());
  }

  uploadFailed(failure: Failure): void {
    this.#exchange?.fail(failure);
  }

  #send(exchange: NativeExchange, head: WrittenHead): void {
    const { body } = exchange.request;
    const atMs = this.shared.clock.now();
    exchange.sent(atMs);
    exchange.bytesSent = head.text.length;
    if (body === undefined) {
      const wire = head.onWire;
      if (typeof wire === 'string') this.transport.writeLatin1(wire);
      else this.transport.write(wire);
      exchange.sendEnded(atMs);
    } else if (!(body instanceof Uint8Array)) {
      this.transport.readBeforeBreaking();
      this.transport.writeLatin1(head.text);
      const wrote = (bytes: number): void => void (exchange.bytesSent += bytes);
      this.#upload = new Upload(body, bodyWriter(body, this.transport, wrote), this);
    } else {
      exchange.bytesSent += body.length;
      if (writeRequest(head.text, body, this.transport)) exchange.sendEnded(atMs);
    }
  }

  /** @param clean whether no bytes followed the response */
  #conclude(exchange: NativeExchange, clean: boolean): void {
    const trailers = this.#trailers!;
    const sentWhole = exchange.sendEndedAtMs !== undefined;
    if (this.#idleMs >= IDLE_FROM_MS) this.owner.onIdleSurvived(this.#idleMs);
    this.#release();
    if (this.#paused) this.resume();
    if (clean && sentWhole && !this.#closes && !this.#retired && this.#parser.keepAlive) {
      this.idleSinceMs = Math.floor(this.#atMs);
      this.owner.onRoom(this);
    } else if (clean && sentWhole) {
      this.#linger();
    } else {
      this.#close();
    }
    exchange.succeed(this.#atMs, trailers);
  }

  /** The server closed the connection while no request was in flight. */
  #closedIdle(): void {
    if (!this.#kept) return;
    this.#kept = false;
    this.owner.onIdleClosed(Math.floor(this.shared.clock.now()) - this.idleSinceMs);
  }

  /** The connection ended before the response was complete. */
  #closedWith(exchange: NativeExchange, failure: Failure): void {
    // The server answered before it read the whole request. A response without a length ends with
    // the connection, even if that is reset.
    const isRefusal = exchange.sendEndedAtMs === undefined && isConnectionClosed(failure);
    if (isRefusal && this.#parser.busy && this.#parser.finish() === undefined)
      return this.#conclude(exchange, false);
    this.#release();
    const isUnanswered = exchange.firstByteAtMs === undefined && isConnectionClosed(failure);
    if (!isUnanswered || !isOnKept(exchange)) return exchange.fail(failure);
    const wasIdle = this.#idleMs >= IDLE_FROM_MS;
    if (wasIdle) this.owner.onIdleClosed(this.#idleMs);
    if (exchange.resent || !mayResend(exchange.request))
      return exchange.fail(wasIdle ? CLOSED_WHILE_IDLE : failure);
    exchange.resending();
    this.owner.onResend(this, exchange);
  }

  /**
   * The server ended the connection before the request was sent. Another connection may carry it.
   */
  #giveBack(exchange: NativeExchange): void {
    this.#release();
    this.#close();
    if (this.#idleMs >= IDLE_FROM_MS) this.owner.onIdleClosed(this.#idleMs);
    exchange.returned();
    this.owner.onReturned(this, exchange);
  }

  #release(): NativeExchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#trailers = undefined;
    this.#unsent = undefined;
    this.#upload?.stop();
    this.#upload = undefined;
    return exchange;
  }

  /**
   * Lets the server close it. The side that closes first keeps the port busy for a minute, and this
   * side is short of ports.
   */
  #linger(): void {
    this.idleSinceMs = this.lingersSinceMs = Math.floor(this.#atMs);
    this.#kept = false;
    this.#retire();
  }

  #close(): void {
    this.#kept = false;
    this.#retire();
    this.transport.destroy();
  }

  #retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.owner.onRetired(this);
  }
}

/** Whether the connection was reused. A server may close an idle connection at any time. */
function isOnKept(exchange: NativeExchange): boolean {
  return exchange.opened === undefined;
}
