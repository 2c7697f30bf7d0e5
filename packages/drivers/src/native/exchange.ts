import type { OpenedConnection } from '@drumline/model';
import type {
  EngineRequest,
  EngineResponse,
  Exchange,
  ExchangeHandler,
  ExchangeTiming,
  ResponseHead,
  Timeouts,
} from '../engine/contract.js';
import { aborted, bodyTooLarge, timedOut, type Failure, type TimeoutPhase } from '../engine/failure.js';
import type { Oddity } from '../engine/oddities.js';
import { bytesOf, keep, textOf, type KeptBody } from './kept-body.js';
import { NativeFailure } from './native-failure.js';
import type { Sweeper, TimedExchange } from './sweeper.js';

const NO_TRAILERS: readonly string[] = [];
const NOTHING = new Uint8Array(0);

/** Carries an exchange: an HTTP/1.1 connection or an HTTP/2 stream. */
export interface Carrier {
  /** The exchange ended before its response did. Deliver nothing more of the response. */
  abandon(exchange: NativeExchange): void;
  pause(): void;
  resume(): void;
}

/** Issued the exchange and is notified of its end. */
export interface ExchangeOwner {
  ended(exchange: NativeExchange): void;
}

/**
 * One request from the call to the end: instants, bytes, limits and response.
 *
 * Its carrier reports events, and it calls the handler. It is also its own timing record and,
 * finally, the response: each additional object adds measurable cost per request.
 */
export class NativeExchange implements Exchange, ExchangeTiming, EngineResponse, TimedExchange {
  sentAtMs: number | undefined;
  sendEndedAtMs: number | undefined;
  firstByteAtMs: number | undefined;
  endedAtMs = 0;
  opened: OpenedConnection | undefined;
  bytesSent = 0;
  bytesReceived = 0;
  bodyBytes = 0;
  /** Neighbors in the sweeper's list of pending deadlines. */
  previous: TimedExchange | undefined;
  next: TimedExchange | undefined;
  /** When the sweeper must check it at the latest. Infinity: never. */
  deadlineMs = Infinity;
  over = false;
  /** Whether a connection accepted it without waiting. */
  takenAtOnce = false;
  /** How often a server returned it unprocessed. */
  returns = 0;
  /** Whether it was resent although the server may have processed it. */
  resent = false;
  rawTrailers: readonly string[] = NO_TRAILERS;
  #deadlinePhase: TimeoutPhase = 'whole';
  #paused = false;
  #carrier: Carrier | undefined;
  #head: ResponseHead | undefined;
  #body: KeptBody | undefined;
  #expectedBytes = -1;

  constructor(
    readonly request: EngineRequest,
    private readonly handler: ExchangeHandler,
    readonly keepAlive: boolean,
    readonly limits: Timeouts,
    private readonly owner: ExchangeOwner,
    private readonly sweeper: Sweeper,
    public startedAtMs: number,
  ) {
    if (limits.wholeMs > 0) this.deadlineMs = startedAtMs + limits.wholeMs;
    sweeper.watch(this);
  }

  get timing(): ExchangeTiming {
    return this;
  }

  get kind(): 'response' {
    return 'response';
  }

  get version(): ResponseHead['version'] {
    return this.#head!.version;
  }

  get status(): number {
    return this.#head!.status;
  }

  get statusText(): string {
    return this.#head!.statusText;
  }

  get rawHeaders(): readonly string[] {
    return this.#head!.rawHeaders;
  }

  header(name: string): string | undefined {
    return this.#head!.header(name);
  }

  get body(): Uint8Array {
    return this.#body === undefined ? NOTHING : bytesOf(this.#body);
  }

  text(): string {
    return this.#body === undefined ? '' : textOf(this.#body);
  }

  /** Sets the carrier that is now responsible for it. */
  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  /** Starts its clock. */
  beginsAt(atMs: number): void {
    this.startedAtMs = atMs;
    this.#limitWhole();
  }

  /** The server did not process it. It may be carried again as if never sent. */
  returned(): void {
    this.returns++;
    this.takenAtOnce = false;
    this.#carrier = undefined;
    this.sentAtMs = undefined;
    this.sendEndedAtMs = undefined;
    this.firstByteAtMs = undefined;
    this.bytesSent = 0;
    this.bytesReceived = 0;
    this.#limitWhole();
  }

  /** It is being resent although the server may have processed it. */
  resending(): void {
    const { bytesSent } = this;
    this.returned();
    this.resent = true;
    this.handler.onResend?.(bytesSent);
  }

  /**
   * The head was handed to the socket.
   *
   * A request that did not wait starts here. Its delay until the end of the event loop's turn comes
   * from other users' work, not from the target.
   */
  sent(atMs: number): void {
    this.sentAtMs = atMs;
    if (this.takenAtOnce) this.beginsAt(atMs);
  }

  /** The whole request was handed to the socket. */
  sendEnded(atMs: number): void {
    this.sendEndedAtMs = atMs;
    if (this.limits.headersMs > 0 && this.#head === undefined)
      this.#limit('headers', atMs, this.limits.headersMs);
  }

  /**
   * Bytes of the response arrived. A test's clock may stand still: this is then the instant of
   * sending.
   */
  arrived(atMs: number): void {
    this.firstByteAtMs ??= Math.max(atMs, this.sentAtMs!);
  }

  /** The response violates the standard. */
  odd(oddity: Oddity): void {
    if (!this.over) this.handler.onOddity?.(oddity);
  }

  /**
   * The final head is complete.
   * @param expectedBytes length of the body if the head gives it, else -1
   */
  headArrived(head: ResponseHead, expectedBytes: number, atMs: number): void {
    this.#head = head;
    this.#expectedBytes = expectedBytes;
    this.#body = undefined;
    if (this.limits.bodyMs > 0) this.#limit('body', atMs, this.limits.bodyMs);
    else if (this.limits.headersMs > 0) this.#limitWhole();
    this.handler.onHead?.(head, this);
    if (expectedBytes > this.#maxBodyBytes && hasBody(this.request.method, head.status)) this.#refuseBody();
  }

  bodyArrived(bytes: Buffer, start: number, end: number, atMs: number): void {
    this.bodyBytes += end - start;
    if (this.limits.bodyMs > 0 && !this.#paused) this.#limit('body', atMs, this.limits.bodyMs);
    const receive = this.request.receive;
    if (receive === undefined || receive === 'keep') {
      if (this.bodyBytes > this.#maxBodyBytes) return this.#refuseBody();
      this.#body = keep(this.#body, bytes, start, end, this.#expectedBytes);
    } else if (receive === 'stream') {
      this.handler.onData?.(bytes.subarray(start, end), atMs);
    }
  }

  /** The response is complete. */
  succeed(atMs: number, rawTrailers: readonly string[]): void {
    if (this.over) return;
    this.#end(atMs);
    this.rawTrailers = rawTrailers;
    this.handler.onEnd(this);
  }

  /** @param atMs Default: now */
  fail(failure: Failure, atMs = this.sweeper.now()): void {
    if (this.over) return;
    this.#end(atMs);
    this.#carrier?.abandon(this);
    this.handler.onEnd(new NativeFailure(this, failure));
  }

  cancel(reason: string): void {
    this.fail(aborted(reason));
  }

  pause(): void {
    if (this.over) return;
    this.#paused = true;
    if (this.#deadlinePhase === 'body') this.#limitWhole();
    this.#carrier?.pause();
  }

  resume(): void {
    if (this.over) return;
    this.#paused = false;
    if (this.#head !== undefined && this.limits.bodyMs > 0)
      this.#limit('body', this.sweeper.now(), this.limits.bodyMs);
    this.#carrier?.resume();
  }

  /** The sweeper found that the deadline has passed. */
  expire(): void {
    const phase = this.#deadlinePhase;
    this.fail(timedOut(phase, this.limits[`${phase}Ms`]));
  }

  /** Limit for a body that is kept. */
  get #maxBodyBytes(): number {
    const { receive = 'keep', maxBodyBytes = 0 } = this.request;
    return receive !== 'keep' || maxBodyBytes === 0 ? Infinity : maxBodyBytes;
  }

  #refuseBody(): void {
    this.fail(bodyTooLarge(this.request.maxBodyBytes!));
  }

  #end(atMs: number): void {
    this.over = true;
    this.endedAtMs = this.sentAtMs === undefined ? atMs : Math.max(atMs, this.sentAtMs);
    this.sweeper.forget(this);
    this.owner.ended(this);
  }

  /** Sets the next limit, unless the overall one expires first. */
  #limit(phase: TimeoutPhase, fromMs: number, limitMs: number): void {
    this.#limitWhole();
    const deadlineMs = fromMs + limitMs;
    if (deadlineMs >= this.deadlineMs) return;
    this.deadlineMs = deadlineMs;
    this.#deadlinePhase = phase;
    this.sweeper.expect(deadlineMs);
  }

  #limitWhole(): void {
    this.#deadlinePhase = 'whole';
    this.deadlineMs = this.limits.wholeMs > 0 ? this.startedAtMs + this.limits.wholeMs : Infinity;
  }
}

/** Whether the length in a head is that of a body that follows: RFC 9110, section 8.6. */
function hasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}
