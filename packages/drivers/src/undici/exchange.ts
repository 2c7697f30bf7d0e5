import type { Dispatcher } from 'undici';
import type {
  EngineRequest,
  Exchange,
  ExchangeCounts,
  ExchangeHandler,
  ExchangeResult,
  ExchangeTiming,
  ResponseHead,
  Timeouts,
} from '../engine/contract.js';
import { afterReading } from '../dial/after-reading.js';
import {
  aborted,
  bodyTooLarge,
  CLOSED_WHILE_IDLE,
  timedOut,
  type Failure,
  type TimeoutPhase,
} from '../engine/failure.js';
import { isConnectionClosed, mayResend } from '../engine/resend.js';
import { classify } from './classify.js';
import type { UndiciConnection } from './connection.js';
import { UndiciHead, UndiciResponse, type HeaderFields } from './response.js';
import type { Route } from './route.js';
import { upload } from './upload.js';

/** The pool that owns an exchange and receives its events. */
export interface ExchangeOwner {
  /** The exchange ended. `reusable` indicates whether its connection may carry another. */
  ended(exchange: UndiciExchange, connection: UndiciConnection | undefined, reusable: boolean): void;
  /**
   * The server closed the connection before it answered.
   * @returns whether the connection had been idle
   */
  closedIdle(connection: UndiciConnection): boolean;
  /**
   * The connection closed and the exchange needs another.
   * @param fresh prefer a new connection
   */
  stranded(exchange: UndiciExchange, connection: UndiciConnection, fresh: boolean): void;
}

/**
 * One request from the call to the last byte: undici's handler with clock, byte counts and limits.
 */
export class UndiciExchange implements Exchange, ExchangeCounts, Dispatcher.DispatchHandler {
  #over = false;
  /** Whether undici has started the request, which it can do only once. */
  #begun = false;
  #stranded = false;
  #resent = false;
  #paused = false;
  #connection: UndiciConnection | undefined;
  #upload: AsyncGenerator<Uint8Array> | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #wholeTimer: NodeJS.Timeout | undefined;
  #phaseTimer: NodeJS.Timeout | undefined;

  readonly #startedAtMs: number;
  #sentAtMs: number | undefined;
  #sendEndedAtMs: number | undefined;
  #firstByteAtMs: number | undefined;
  #writtenBefore = 0;
  #readBefore = 0;

  #head: ResponseHead | undefined;
  readonly #chunks: Uint8Array[] = [];
  #bodyBytes = 0;

  constructor(
    readonly request: EngineRequest,
    private readonly handler: ExchangeHandler,
    readonly keepAlive: boolean,
    readonly limits: Timeouts,
    private readonly route: Route,
    private readonly owner: ExchangeOwner,
    private readonly now: () => number,
  ) {
    this.#startedAtMs = now();
    if (limits.wholeMs > 0) this.#wholeTimer = this.#limit('whole', limits.wholeMs);
  }

  get over(): boolean {
    return this.#over;
  }

  /** The body in the form that undici expects. A streamed body can be taken only once. */
  takeBody(): Uint8Array | AsyncIterable<Uint8Array> | null {
    const { body } = this.request;
    if (body === undefined || body instanceof Uint8Array) return body ?? null;
    return (this.#upload = upload(body, this));
  }

  /** The announced length of a streamed body. */
  get lengthHeader(): readonly string[] {
    const { body } = this.request;
    if (body === undefined || body instanceof Uint8Array || body.lengthBytes === undefined) return [];
    return ['content-length', String(body.lengthBytes)];
  }

  cancel(reason: string): void {
    this.#fail(aborted(reason));
  }

  pause(): void {
    if (this.#over) return;
    this.#paused = true;
    if (this.#head !== undefined) clearTimeout(this.#phaseTimer);
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#over) return;
    this.#paused = false;
    if (this.#head !== undefined) this.#limitBody();
    this.#controller?.resume();
  }

  carriedBy(connection: UndiciConnection): void {
    this.#connection = connection;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#begun = true;
    this.#controller = controller;
    const { body } = this.request;
    if (body !== undefined && !(body instanceof Uint8Array)) return;
    this.uploading();
    if (body === undefined) this.uploaded();
    else process.nextTick(() => this.uploaded());
  }

  /** The head, and perhaps a piece of the body, is about to be handed to the socket. */
  uploading(): void {
    if (this.#sentAtMs !== undefined) return;
    const socket = this.#connection!.socket!;
    this.#writtenBefore = socket.bytesWritten;
    this.#readBefore = socket.bytesRead;
    this.#sentAtMs = this.now();
  }

  /** Everything was handed to the socket, which may still wait for the peer. */
  uploaded(): void {
    const socket = this.#connection!.socket!;
    const ended = (): void => {
      this.#sendEndedAtMs = this.now();
      if (!this.#over && this.#head === undefined && this.limits.headersMs > 0)
        this.#phaseTimer = this.#limit('headers', this.limits.headersMs);
    };
    if (socket.writableNeedDrain) socket.once('drain', ended);
    else ended();
  }

  onResponseStarted(): void {
    this.#firstByteAtMs ??= this.now();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    fields: HeaderFields,
    statusText = '',
  ): void {
    if (status < 200 || this.#over) return;
    const refusal = this.route.refusal(status);
    if (refusal !== undefined) return this.#fail(refusal);
    this.#head = new UndiciHead(status, statusText, fields, controller.rawHeaders);
    clearTimeout(this.#phaseTimer);
    this.#limitBody();
    this.handler.onHead?.(this.#head, this);
    const announced = this.request.method === 'HEAD' ? NaN : Number(this.#head.header('content-length'));
    if (announced > this.#maxBodyBytes) this.#refuseBody();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#bodyBytes += chunk.length;
    if (!this.#paused) this.#phaseTimer?.refresh();
    const { receive = 'keep' } = this.request;
    if (this.#bodyBytes > this.#maxBodyBytes) this.#refuseBody();
    else if (receive === 'keep') this.#chunks.push(chunk);
    else if (receive === 'stream') this.handler.onData?.(chunk, this.now());
  }

  onResponseEnd({ rawTrailers }: Dispatcher.DispatchController): void {
    if (this.#over) return;
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const reception = {
      body,
      bodyBytes: this.#bodyBytes,
      rawTrailers,
      ...this.#counts(),
    };
    this.#end(new UndiciResponse(this.#head!, reception), true);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    const failure = classify(error, this.#head !== undefined);
    if (this.#neverLeft() && failure.class !== 'invalid') {
      this.#stranded = true;
      this.owner.stranded(this, this.#connection!, false);
    } else if (!this.#metClosing(failure)) {
      this.#fail(failure);
    } else {
      const wasIdle = this.owner.closedIdle(this.#connection!);
      if (!this.#resent && mayResend(this.request)) this.#resend();
      else this.#fail(wasIdle ? CLOSED_WHILE_IDLE : failure);
    }
  }

  /** The server closed a kept connection before it answered. */
  #metClosing(failure: Failure): boolean {
    const { opened, dialFailed } = this.#connection!;
    const wasKept = this.#begun && opened === undefined && !dialFailed;
    const isUnanswered = this.#head === undefined && this.#firstByteAtMs === undefined;
    return wasKept && isUnanswered && isConnectionClosed(failure);
  }

  #resend(): void {
    const { bytesSent } = this;
    this.#resent = true;
    this.#begun = false;
    this.#sentAtMs = undefined;
    this.#sendEndedAtMs = undefined;
    clearTimeout(this.#phaseTimer);
    this.handler.onResend?.(bytesSent);
    this.owner.stranded(this, this.#connection!, true);
  }

  /**
   * A kept connection closed before this request was written to it. The request can safely be tried
   * once on another connection.
   */
  #neverLeft(): boolean {
    return !this.#begun && !this.#stranded && !this.#connection!.dialFailed;
  }

  #limit(phase: TimeoutPhase, ms: number): NodeJS.Timeout {
    return afterReading(ms, () => this.#expire(phase, ms));
  }

  #limitBody(): void {
    clearTimeout(this.#phaseTimer);
    if (this.limits.bodyMs > 0) this.#phaseTimer = this.#limit('body', this.limits.bodyMs);
  }

  #expire(phase: TimeoutPhase, ms: number): void {
    if (phase === 'headers' && this.#head !== undefined) return;
    this.#fail(timedOut(phase, ms));
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    const sent = this.#sentAtMs !== undefined || this.#resent;
    this.#end({ kind: 'failed', failure, sent, ...this.#counts() }, failure.class === 'invalid' && !sent);
  }

  /** Limit for a body that is kept. */
  get #maxBodyBytes(): number {
    const { receive = 'keep', maxBodyBytes = 0 } = this.request;
    return receive !== 'keep' || maxBodyBytes === 0 ? Infinity : maxBodyBytes;
  }

  #refuseBody(): void {
    this.#fail(bodyTooLarge(this.request.maxBodyBytes!));
  }

  #end(result: ExchangeResult, reusable: boolean): void {
    this.#over = true;
    clearTimeout(this.#wholeTimer);
    clearTimeout(this.#phaseTimer);
    void this.#upload?.return(undefined).catch(() => {});
    queueMicrotask(() => this.handler.onEnd(result));
    this.owner.ended(this, this.#connection, reusable);
  }

  get timing(): ExchangeTiming {
    return {
      startedAtMs: this.#startedAtMs,
      sentAtMs: this.#sentAtMs,
      sendEndedAtMs: this.#sendEndedAtMs,
      firstByteAtMs: this.#firstByteAtMs,
      endedAtMs: this.now(),
      opened: this.#connection?.opened,
    };
  }

  get bytesSent(): number {
    return this.#sentAtMs === undefined ? 0 : this.#connection!.socket!.bytesWritten - this.#writtenBefore;
  }

  get bytesReceived(): number {
    return this.#sentAtMs === undefined ? 0 : this.#connection!.socket!.bytesRead - this.#readBefore;
  }

  #counts(): ExchangeCounts {
    const { timing, bytesSent, bytesReceived } = this;
    return { timing, bytesSent, bytesReceived };
  }
}
