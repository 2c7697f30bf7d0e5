import type { Dispatcher } from 'undici';
import type {
  EngineRequest,
  Exchange,
  ExchangeHandler,
  ExchangeResult,
  ExchangeTiming,
  Timeouts,
} from '../engine/contract.js';
import { aborted, timedOut, type Failure, type TimeoutPhase } from '../engine/failure.js';
import { classify } from './classify.js';
import type { UndiciConnection } from './connection.js';
import { UndiciResponse, type HeaderFields } from './response.js';

/** What an exchange tells the pool that carries it. */
export interface ExchangeOwner {
  /** It ended; `reusable` says whether its connection may carry the next one. */
  ended(exchange: UndiciExchange, connection: UndiciConnection | undefined, reusable: boolean): void;
  /** Its connection had died before it was sent; it wants another one. */
  stranded(exchange: UndiciExchange, connection: UndiciConnection): void;
}

/** One request from the call to the last byte: undici's handler, with the clock, the byte counts and the limits. */
export class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  #over = false;
  #stranded = false;
  #connection: UndiciConnection | undefined;
  #wholeTimer: NodeJS.Timeout | undefined;
  #phaseTimer: NodeJS.Timeout | undefined;

  readonly #startedAtMs: number;
  #sentAtMs: number | undefined;
  #firstByteAtMs: number | undefined;
  #writtenBefore = 0;
  #readBefore = 0;

  #status = 0;
  #statusText = '';
  #headers: HeaderFields = {};
  #chunks: Uint8Array[] = [];

  constructor(
    readonly request: EngineRequest,
    private readonly handler: ExchangeHandler,
    readonly keepAlive: boolean,
    readonly limits: Timeouts,
    private readonly owner: ExchangeOwner,
    private readonly now: () => number,
  ) {
    this.#startedAtMs = now();
    if (limits.wholeMs > 0) this.#wholeTimer = this.#limit('whole', limits.wholeMs);
  }

  get over(): boolean {
    return this.#over;
  }

  cancel(reason: string): void {
    this.#fail(aborted(reason));
  }

  pause(): void {}

  resume(): void {}

  carriedBy(connection: UndiciConnection): void {
    this.#connection = connection;
  }

  onRequestStart(): void {
    const socket = this.#connection?.socket;
    this.#writtenBefore = socket?.bytesWritten ?? 0;
    this.#readBefore = socket?.bytesRead ?? 0;
    this.#sentAtMs = this.now();
    if (this.limits.headersMs > 0) this.#phaseTimer = this.#limit('headers', this.limits.headersMs);
  }

  onResponseStarted(): void {
    this.#firstByteAtMs ??= this.now();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: HeaderFields,
    statusText?: string,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#statusText = statusText ?? '';
    this.#headers = headers;
    clearTimeout(this.#phaseTimer);
    if (this.limits.bodyMs > 0) this.#phaseTimer = this.#limit('body', this.limits.bodyMs);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#phaseTimer?.refresh();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#over) return;
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const head = { status: this.#status, statusText: this.#statusText, headers: this.#headers };
    this.#end(
      new UndiciResponse(head, controller, body, this.#timing(), this.#sentBytes(), this.#receivedBytes()),
      true,
    );
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    const failure = classify(error, new URL(this.request.origin).hostname, this.#status > 0);
    if (this.#neverLeft() && failure.class !== 'invalid') {
      this.#stranded = true;
      this.owner.stranded(this, this.#connection!);
    } else {
      this.#fail(failure);
    }
  }

  /** A kept connection died under a request that was not yet written to it: safe to try once on another one. */
  #neverLeft(): boolean {
    return this.#sentAtMs === undefined && !this.#stranded && !this.#connection!.dialFailed;
  }

  /** Timers fire before sockets are read in a turn of the loop: whatever has already arrived is read first. */
  #limit(phase: TimeoutPhase, ms: number): NodeJS.Timeout {
    return setTimeout(() => setImmediate(() => this.#expire(phase, ms)), ms);
  }

  #expire(phase: TimeoutPhase, ms: number): void {
    if (phase === 'headers' && this.#status > 0) return;
    this.#fail(timedOut(phase, ms));
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    const sent = this.#sentAtMs !== undefined;
    const counts = { bytesSent: this.#sentBytes(), bytesReceived: this.#receivedBytes() };
    this.#end(
      { kind: 'failed', failure, sent, timing: this.#timing(), ...counts },
      failure.class === 'invalid',
    );
  }

  #end(result: ExchangeResult, reusable: boolean): void {
    this.#over = true;
    clearTimeout(this.#wholeTimer);
    clearTimeout(this.#phaseTimer);
    queueMicrotask(() => this.handler.onEnd(result));
    this.owner.ended(this, this.#connection, reusable);
  }

  #timing(): ExchangeTiming {
    return {
      startedAtMs: this.#startedAtMs,
      sentAtMs: this.#sentAtMs,
      firstByteAtMs: this.#firstByteAtMs,
      endedAtMs: this.now(),
      opened: this.#connection?.opened,
    };
  }

  #sentBytes(): number {
    return this.#sentAtMs === undefined
      ? 0
      : (this.#connection?.socket?.bytesWritten ?? 0) - this.#writtenBefore;
  }

  #receivedBytes(): number {
    return this.#sentAtMs === undefined ? 0 : (this.#connection?.socket?.bytesRead ?? 0) - this.#readBefore;
  }
}
