import { inspect, type InspectOptions } from 'node:util';
import { messageOf, type OpenedConnection, type Phases } from '@drumline/model';
import type { EngineRequest, EngineResponse, ResponseHead } from '../engine/contract.js';
import { plainPhases } from '../engine/phases.js';
import type { ResponseBody } from '../settings/http-settings.js';
import { BodyHash, BodyReader, type BodySink } from './body-reader.js';
import type { CallTally } from './call-tally.js';
import { BodyError } from './coding/body-error.js';
import { decodeStream } from './coding/decode-stream.js';
import { decodeBody } from './coding/decode.js';
import { urlOf } from './redirects.js';
import { ResponseHeaders } from './response-headers.js';

const EMPTY = new Uint8Array(0);
const NO_PIECES: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };
const NO_PHASES: Phases = { queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: 0, receiveMs: 0 };

/** What a response needs of its call. */
interface AnsweredCall {
  readonly prepared: {
    /** Undefined, a function or fixed statuses. */
    readonly expect: unknown;
    readonly responseBody: ResponseBody;
    readonly decompress: boolean;
    /** 0 means no limit. */
    readonly maxBodyBytes: number;
  };
  readonly tally: CallTally;
  /** Label for messages, such as `GET /products`. */
  readonly label: string;
  /** Reports a failure after the response was recorded as passed. */
  failLate(reason: string): void;
}

/**
 * The response to a request.
 *
 * The body is in memory. It is decompressed and decoded on first access. The request option
 * `responseBody` selects other ways.
 *
 * A request without a response, such as a timeout, also gives an `HttpResponse`: `status` is 0,
 * `failure` is the reason and the body is empty.
 */
export class HttpResponse {
  /** HTTP status; 0 if there was no response. */
  readonly status: number;
  readonly #request: EngineRequest;
  readonly #call: AnsweredCall;
  readonly #head: ResponseHead | undefined;
  readonly #sink: BodySink | undefined;
  #failure: string | undefined;
  #recorded = false;
  #headers: ResponseHeaders | undefined;
  #decoded: Uint8Array | BodyError | undefined;

  constructor(
    call: AnsweredCall,
    head: ResponseHead | undefined,
    request: EngineRequest,
    sink: BodySink | undefined,
  ) {
    this.#call = call;
    this.#head = head;
    this.#sink = sink;
    this.status = head === undefined ? 0 : head.status;
    this.#request = request;
  }

  /** URL of the response, after redirects. */
  get url(): string {
    return urlOf(this.#request);
  }

  /** Reason phrase; empty with HTTP/2, which has none. */
  get statusText(): string {
    return this.#head?.statusText ?? '';
  }

  /** HTTP version: `http/1.1` or `h2`. Empty if there was no response. */
  get version(): string {
    return this.#head?.version ?? '';
  }

  /**
   * Whether the request passes: according to `expect`, or by default if the status is below 400.
   * Inside an `expect` function, it depends on the status only.
   */
  get ok(): boolean {
    if (this.#failure !== undefined) return false;
    const { expect } = this.#call.prepared;
    const isJudged = expect !== undefined && (typeof expect !== 'function' || this.#recorded);
    return isJudged || (this.status >= 200 && this.status < 400);
  }

  /** Whether the request counts as failed in the report. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Why the request failed, such as `status 503` or `connection refused`. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Id of the trace that was sent with the request, if `tracing` chose it. */
  get traceId(): string | undefined {
    return this.#call.tally.traceId;
  }

  /** The URLs that redirected, in order, starting with the requested one. */
  get redirects(): readonly string[] {
    return this.#call.tally.redirects ?? [];
  }

  /**
   * Time from the call to the last byte, redirects included. For a streamed body, 0 until it ends.
   */
  get durationMs(): number {
    return this.#call.tally.durationMs;
  }

  /** Time of each phase, redirects included. For a streamed body, zeros until it ends. */
  get timing(): Phases {
    return this.#call.tally.last === undefined ? NO_PHASES : plainPhases(this.#call.tally.phases);
  }

  /**
   * Connections opened for this request, with their TLS parameters. Empty if it reused connections.
   */
  get opened(): readonly OpenedConnection[] {
    return this.#call.tally.opened ?? [];
  }

  /** The headers of the response, after redirects. Empty if there was no response. */
  get headers(): ResponseHeaders {
    return (this.#headers ??= new ResponseHeaders(this.#head?.rawHeaders ?? []));
  }

  /** Length of the body as received, before decompression. For a streamed body, 0 until it ends. */
  get bodyBytes(): number {
    const last = this.#call.tally.last;
    return last?.kind === 'response' ? last.bodyBytes : 0;
  }

  /** SHA-256 of the body as received, in hexadecimal. Only with `responseBody: 'hash'`. */
  get sha256(): string | undefined {
    return this.#sink instanceof BodyHash ? this.#sink.sha256 : undefined;
  }

  /**
   * The body in pieces as they arrive. Only with `responseBody: 'stream'`, and only once.
   *
   * The pieces are decompressed unless the request sets `decompress: false`. Leaving the loop early
   * closes the connection; the sample then covers what was received.
   * @throws Error if the body is cut off
   * @throws BodyError if the body does not match its content-encoding; the request counts as failed
   */
  get body(): AsyncIterable<Uint8Array> {
    const { responseBody, decompress } = this.#call.prepared;
    if (responseBody !== 'stream' || (this.#head !== undefined && !(this.#sink instanceof BodyReader))) {
      throw new TypeError(
        `${this.#call.label}: the body can be read in pieces only with responseBody: 'stream'`,
      );
    }
    if (!(this.#sink instanceof BodyReader)) return NO_PIECES;
    if (!decompress) return this.#sink;
    return decodeStream(this.#sink, this.#head!.header('content-encoding'), {
      label: this.#call.label,
      onFault: ({ failure }) => this.fail(failure),
    });
  }

  /** Marks the request as failed, even after it was counted. Only the first reason is recorded. */
  fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    if (this.#recorded) this.#call.failLate(reason);
  }

  /** @internal Marks the sample as recorded: later failures are reported as late failures. */
  markRecorded(): void {
    this.#recorded = true;
  }

  /**
   * The body as bytes, decompressed unless the request sets `decompress: false`.
   * @throws BodyError if the body does not match its content-encoding, or exceeds `maxBodyBytes`
   * once decompressed; the request counts as failed
   * @throws TypeError if the body was not kept
   */
  bytes(): Uint8Array {
    const decoded = (this.#decoded ??= this.#decode());
    if (decoded instanceof BodyError) throw decoded;
    return decoded;
  }

  /** The body as text, in the charset of its content type (default UTF-8). */
  text(): string {
    const kept = this.#kept();
    if (kept === undefined) return '';
    const encoded = this.#call.prepared.decompress && kept.header('content-encoding') !== undefined;
    const charset = charsetOf(kept.header('content-type'));
    if (!encoded && charset === undefined) return kept.text();
    return new TextDecoder(charset).decode(this.bytes());
  }

  /**
   * The body parsed as JSON.
   * @throws SyntaxError if the body is not JSON; the message names the request and shows the start
   * of the body
   */
  json<T = unknown>(): T {
    const text = this.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const why =
        this.status === 0
          ? `there was no response: ${this.failure}`
          : `${messageOf(cause)}${beginning(text)}`;
      throw new SyntaxError(`${this.#call.label}: the body is not JSON (${why})`, { cause });
    }
  }

  /** The response without its body, for `JSON.stringify`. */
  toJSON(): object {
    const { status, url, bodyBytes, failure, headers } = this;
    const durationMs = Math.round(this.durationMs * 1_000) / 1_000;
    return { status, url, durationMs, bodyBytes, failure, headers: headers.toJSON() };
  }

  [inspect.custom](_: number, options: InspectOptions): string {
    return `HttpResponse ${inspect(this.toJSON(), options)}`;
  }

  #kept(): EngineResponse | undefined {
    const { responseBody } = this.#call.prepared;
    if (responseBody !== 'keep' && this.status > 0)
      throw new TypeError(
        `${this.#call.label}: the body was not kept: set responseBody to 'keep' instead of '${responseBody}'`,
      );
    const last = this.#call.tally.last;
    return last?.kind === 'response' ? last : undefined;
  }

  /** Decodes only once. An invalid body fails the request. */
  #decode(): Uint8Array | BodyError {
    const kept = this.#kept();
    if (kept === undefined || kept.bodyBytes === 0) return EMPTY;
    const { decompress, maxBodyBytes } = this.#call.prepared;
    if (!decompress) return kept.body;
    try {
      return decodeBody(kept.body, kept.header('content-encoding'), this.#call.label, maxBodyBytes);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      this.fail(error.failure);
      return error;
    }
  }
}

/** Cache of the last content type: most responses from a target have the same one. */
let lastType: string | undefined;
let lastCharset: string | undefined;

/** The charset of a content type; undefined for UTF-8 and unknown charsets. */
function charsetOf(contentType: string | undefined): string | undefined {
  if (contentType !== lastType) {
    lastCharset = contentType === undefined ? undefined : readCharset(contentType);
    lastType = contentType;
  }
  return lastCharset;
}

function readCharset(contentType: string): string | undefined {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  try {
    return new TextDecoder(charset).encoding;
  } catch {
    return undefined;
  }
}

function beginning(text: string): string {
  return text === '' ? '; it is empty' : `; it begins ${JSON.stringify(text.slice(0, 60))}`;
}
