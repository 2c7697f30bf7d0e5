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
import type { Sweeper } from './sweeper.js';

const NO_TRAILERS: readonly string[] = [];
const NOTHING = new Uint8Array(0);

/** What carries an exchange: an HTTP/1.1 connection, or a stream of HTTP/2. */
export interface Carrier {
  /** The exchange is over, though its response is not: make sure that nothing of it arrives any more. */
  abandon(exchange: NativeExchange): void;
  pause(): void;
  resume(): void;
}

/** Who gave the exchange out, and hears of its end. */
export interface ExchangeOwner {
  ended(exchange: NativeExchange): void;
}

/**
 * One request from the call to the end: instants, bytes, limits and what has come of the response. Its carrier tells it what happens;
 * it tells the handler. It is its own record of timing, and in the end the response: each object less is felt in the cost of a request.
 */
export class NativeExchange implements Exchange, ExchangeTiming, EngineResponse {
  sentAtMs: number | undefined;
  sendEndedAtMs: number | undefined;
  firstByteAtMs: number | undefined;
  endedAtMs = 0;
  opened: OpenedConnection | undefined;
  bytesSent = 0;
  bytesReceived = 0;
  bodyBytes = 0;
  /** Neighbours in the sweeper's list of what may time out. */
  previous: NativeExchange | undefined;
  next: NativeExchange | undefined;
  /** When the sweeper must look at it, at the latest; Infinity: never. */
  deadlineMs = Infinity;
  over = false;
  /** Whether a connection took it as soon as it was there. */
  takenAtOnce = false;
  /** How often a server has given it back without looking at it. */
  returns = 0;
  /** Whether it was sent a second time, though the server may have seen it before. */
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

  /** From here on its fate is in this carrier's hands. */
  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  /** Its time begins to count. */
  beginsAt(atMs: number): void {
    this.startedAtMs = atMs;
    this.#limitWhole();
  }

  /** The server has not looked at it: it is as if it had never been sent, and may be carried again. */
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

  /** The server may have seen it, and it is to be sent again all the same. */
  resending(): void {
    const { bytesSent } = this;
    this.returned();
    this.resent = true;
    this.handler.onResend?.(bytesSent);
  }

  /**
   * The head has been handed to the socket. What had no need to wait begins here: that it goes out at the end of its turn of the event
   * loop, after other users' work, is no time of the target's.
   */
  sent(atMs: number): void {
    this.sentAtMs = atMs;
    if (this.takenAtOnce) this.beginsAt(atMs);
  }

  /** The whole request has been handed to the socket. */
  sendEnded(atMs: number): void {
    this.sendEndedAtMs = atMs;
    if (this.limits.headersMs > 0 && this.#head === undefined)
      this.#limit('headers', atMs, this.limits.headersMs);
  }

  /**
   * Bytes of the response have come in. The clock of a test may stand still: then that is the
   * instant of sending.
   */
  arrived(atMs: number): void {
    this.firstByteAtMs ??= Math.max(atMs, this.sentAtMs!);
  }

  /** The response has what the standard forbids. */
  odd(oddity: Oddity): void {
    if (!this.over) this.handler.onOddity?.(oddity);
  }

  /** The final head is complete. @param expectedBytes length of the body if the head tells it, else -1 */
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

  /** The sweeper found the deadline past. */
  expire(): void {
    const phase = this.#deadlinePhase;
    this.fail(timedOut(phase, this.limits[`${phase}Ms`]));
  }

  /** Of a body that is kept. */
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

  /** The next limit, unless the one on the whole comes first. */
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

/**
 * Whether the length that a head announces is that of a body that follows: RFC 9110, section 8.6.
 */
function hasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}
