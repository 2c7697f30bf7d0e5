import { closedEarly, type Failure } from '../engine/failure.js';
import type { Oddity } from '../engine/oddities.js';
import { ChunkedBody } from './chunked-body.js';
import { FAULTS } from './faults.js';
import { BROKEN, MORE } from './fields.js';
import type { H1Head } from './head.js';
import { giveBack, knownHead, takeReader, type HeadReader } from './head-reader.js';

/**
 * Receives the events of a response, in this order. May call `abandon` of the parser at any time.
 */
export interface ResponseSink {
  /**
   * The final head; 1xx are skipped.
   * @param expectedBytes length of the body if the head gives it (0 for HEAD, 204, 304), else -1
   */
  onHead(head: H1Head, expectedBytes: number): void;
  /**
   * The response violates the standard or is ambiguous, and is read as other clients read it.
   * Called before the affected part is delivered.
   */
  onOddity?(oddity: Oddity): void;
  /** A piece of the body without framing: bytes[start, end), valid only during the call. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** The response is complete. The next one may begin within this call. */
  onComplete(rawTrailers: readonly string[]): void;
}

type Phase = 'idle' | 'head' | 'counted' | 'chunked' | 'untilClose' | 'complete';

const NO_TRAILERS: readonly string[] = [];

/**
 * Parses the responses on one connection, one after the other: RFC 9112.
 *
 * It accepts any split into pieces and keeps only the beginning of an incomplete head. Violations
 * that curl, Go and browsers all accept are read and reported; in strict mode they are malformed.
 * Responses that two parsers could read differently are always malformed.
 */
export class ResponseParser {
  #failure: Failure | undefined;
  #phase: Phase = 'idle';
  #method = '';
  /** Bytes still to come of a body with a known length. */
  #missingBytes = 0;
  #keepAlive = false;
  #rawTrailers = NO_TRAILERS;
  /** The last head read. */
  #head: H1Head | undefined;
  /** Set while heads are incomplete: one arrived in part, or followed a 1xx. */
  #reader: HeadReader | undefined;
  /** Created when the first chunks arrive, because connections are many. */
  #chunks: ChunkedBody | undefined;

  constructor(
    private readonly sink: ResponseSink,
    private readonly strict = false,
  ) {}

  /** Why `feed` returned -1. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Whether a response is expected or in progress. */
  get busy(): boolean {
    return this.#phase !== 'idle';
  }

  /**
   * After a complete response: whether the connection may carry another, RFC 9112, section 9.3.
   * HTTP/1.0 must state it. A body that ends with the connection rules it out.
   */
  get keepAlive(): boolean {
    return this.#keepAlive;
  }

  /** `keep-alive: timeout=…` of the last head. Undefined if absent. */
  get keepAliveLimitMs(): number | undefined {
    return this.#head?.framing.keepAliveLimitMs;
  }

  /** Call when a request was sent, to expect its response. */
  begin(method: string): void {
    this.#method = method;
    this.#keepAlive = false;
    this.#rawTrailers = NO_TRAILERS;
    this.#reader = undefined;
    this.#phase = 'head';
  }

  /** Gives up the connection. No further event of its response is delivered. */
  abandon(): void {
    this.#phase = 'idle';
    this.#keepAlive = false;
  }

  /**
   * Reads bytes[0, length) of the current response.
   *
   * Do not call it again after it returned -1.
   * @returns how many bytes belong to the response (the others belong to none), or -1 if it is
   *   malformed, see `failure`
   */
  feed(bytes: Buffer, length: number): number {
    let at = 0;
    while (at < length && this.#phase !== 'idle') {
      at = this.#read(bytes, at, length);
      if (at === BROKEN) {
        this.abandon();
        return -1;
      }
      if (at === MORE) return length;
      if (this.#phase === 'complete') {
        this.#complete();
        break;
      }
    }
    return at;
  }

  /**
   * The connection has ended. A body that ends with it is complete.
   * @returns why the response is incomplete, else undefined
   */
  finish(): Failure | undefined {
    const phase = this.#phase;
    if (phase === 'idle') return undefined;
    if (phase === 'untilClose') {
      this.#complete();
      return undefined;
    }
    this.abandon();
    return closedEarly(phase !== 'head' || this.#reader !== undefined);
  }

  #read(bytes: Buffer, at: number, length: number): number {
    switch (this.#phase) {
      case 'head':
        return this.#readHead(bytes, at, length);
      case 'counted':
        return this.#readCounted(bytes, at, length);
      case 'chunked':
        return this.#readChunks(this.#chunks!, bytes, at, length);
      case 'untilClose':
        this.sink.onBody(bytes, at, length);
        return length;
      case 'idle':
      case 'complete':
        return at;
    }
  }

  #readHead(bytes: Buffer, at: number, length: number): number {
    const known = this.#reader === undefined ? knownHead(bytes, at, length) : undefined;
    if (known === undefined)
      return this.#readUnknownHead((this.#reader ??= takeReader(this.strict)), bytes, at, length);
    return this.#take(known, at + known.text.length);
  }

  #readUnknownHead(reader: HeadReader, bytes: Buffer, at: number, length: number): number {
    const next = reader.read(bytes, at, length);
    if (next === BROKEN) return this.#break(reader.failure);
    if (next === MORE) return MORE;
    const head = reader.head(length - at);
    if (reader.oddities !== undefined) this.#reportOddities(reader.oddities);
    if (head.status < 200) {
      this.#head = head;
      return head.status === 101 ? this.#break(FAULTS.upgrade) : next;
    }
    this.#reader = undefined;
    giveBack(reader);
    return this.#take(head, next);
  }

  #reportOddities(oddities: ReadonlySet<Oddity>): void {
    for (const oddity of oddities) this.sink.onOddity?.(oddity);
  }

  /** The final head ends here. */
  #take(head: H1Head, next: number): number {
    this.#head = head;
    if (this.#method === 'CONNECT' && head.status < 300) return this.#break(FAULTS.upgrade);
    this.#beginBody(head);
    return next;
  }

  /** RFC 9112 §6.3. */
  #beginBody(head: H1Head): void {
    const { contentLength, chunked, persistent } = head.framing;
    const bodiless = this.#method === 'HEAD' || head.status === 204 || head.status === 304;
    const expectedBytes = bodiless ? 0 : contentLength;
    if (expectedBytes === 0) {
      this.#phase = 'complete';
    } else if (expectedBytes > 0) {
      this.#phase = 'counted';
      this.#missingBytes = expectedBytes;
    } else if (chunked) {
      this.#phase = 'chunked';
      this.#chunks ??= new ChunkedBody(this.sink, this.strict);
      this.#chunks.begin();
    } else {
      this.#phase = 'untilClose';
    }
    this.#keepAlive = persistent && this.#phase !== 'untilClose';
    this.sink.onHead(head, expectedBytes);
  }

  #readCounted(bytes: Buffer, at: number, length: number): number {
    const end = Math.min(length, at + this.#missingBytes);
    this.#missingBytes -= end - at;
    if (this.#missingBytes === 0) this.#phase = 'complete';
    this.sink.onBody(bytes, at, end);
    return end;
  }

  #readChunks(chunks: ChunkedBody, bytes: Buffer, at: number, length: number): number {
    const next = chunks.read(bytes, at, length);
    if (next === BROKEN) return this.#break(chunks.failure);
    if (chunks.ended) {
      this.#phase = 'complete';
      this.#rawTrailers = chunks.rawTrailers;
    }
    return next;
  }

  #complete(): void {
    this.#phase = 'idle';
    this.sink.onComplete(this.#rawTrailers);
  }

  #break(failure: Failure | undefined): number {
    this.#failure = failure;
    return BROKEN;
  }
}
