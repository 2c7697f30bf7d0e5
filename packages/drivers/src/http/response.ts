import { inspect, type InspectOptions } from 'node:util';
import { messageOf, type OpenedConnection, type Phases } from '@drumline/model';
import type { EngineRequest, EngineResponse, ResponseHead } from '../engine/contract.js';
import { plainPhases } from '../engine/phases.js';
import { BodyHash, BodyReader, type BodySink } from './body-reader.js';
import type { Call } from './call.js';
import { decodeStream } from './coding/decode-stream.js';
import { decodeBody } from './coding/decode.js';
import { BodyError } from './counted-failure.js';
import { urlOf } from './next-request.js';
import { ResponseHeaders } from './response-headers.js';

const EMPTY = new Uint8Array(0);
const NO_PIECES: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };
const NO_PHASES: Phases = { queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: 0, receiveMs: 0 };

/**
 * What a request brought. The body is in memory, and is decompressed and decoded when it is first looked at; see `responseBody`
 * of the request for the other ways. A request without a response (refused, time-out, …) gives one too: `status` 0,
 * `failure` says why, the body is empty.
 */
export class HttpResponse {
  /** 0 if there was no response. */
  readonly status: number;
  readonly #request: EngineRequest;
  readonly #call: Call;
  readonly #head: ResponseHead | undefined;
  readonly #sink: BodySink | undefined;
  #failure: string | undefined;
  #recorded = false;
  #headers: ResponseHeaders | undefined;
  #decoded: Uint8Array | BodyError | undefined;

  constructor(
    call: Call,
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

  /** Of the response itself, after redirects. */
  get url(): string {
    return urlOf(this.#request);
  }

  /** Empty with HTTP/2, which has none. */
  get statusText(): string {
    return this.#head?.statusText ?? '';
  }

  /** `http/1.1` or `h2`; empty if there was no response. */
  get version(): string {
    return this.#head?.version ?? '';
  }

  /**
   * Whether the request counts as passed: by its `expect`, or without one by a status below 400.
   * Within a function given as `expect`, whose answer is not known yet, it goes by the status.
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

  /** Why it counts as failed: `status 503`, `connection refused`, … */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The URLs that were passed through before, the first one asked for first. */
  get redirects(): readonly string[] {
    return this.#call.tally.redirects ?? [];
  }

  /** From the call to the last byte, redirects included. Of a streamed body, 0 until it has ended. */
  get durationMs(): number {
    return this.#call.tally.durationMs;
  }

  /** Where the time went, redirects included. Of a streamed body, zeros until it has ended. */
  get timing(): Phases {
    return this.#call.tally.last === undefined ? NO_PHASES : plainPhases(this.#call.tally.phases);
  }

  /** The connections opened for this request, with what TLS agreed on; empty if it went over kept ones. */
  get opened(): readonly OpenedConnection[] {
    return this.#call.tally.opened ?? [];
  }

  /** The headers of the response, after redirects. Empty if there was no response. */
  get headers(): ResponseHeaders {
    return (this.#headers ??= new ResponseHeaders(this.#head?.rawHeaders ?? []));
  }

  /** Length of the body as it was received, before decompression. Of a streamed body, 0 until it has ended. */
  get bodyBytes(): number {
    const last = this.#call.tally.last;
    return last?.kind === 'response' ? last.bodyBytes : 0;
  }

  /** Of the body as it was received, hexadecimal; only with `responseBody: 'hash'`. */
  get sha256(): string | undefined {
    return this.#sink instanceof BodyHash ? this.#sink.sha256 : undefined;
  }

  /**
   * The body in pieces as it comes in, decompressed unless the request says otherwise; only with `responseBody: 'stream'`, and once.
   * Leaving the loop early closes the connection; the request then counts up to there.
   * @throws Error if the body breaks off
   * @throws BodyError if it is not what its content-encoding says; the request counts as failed
   */
  get body(): AsyncIterable<Uint8Array> {
    const { responseBody, decompress } = this.#call.prepared;
    if (responseBody !== 'stream' || (this.#head !== undefined && !(this.#sink instanceof BodyReader))) {
      throw new TypeError(
        `${this.#call.label}: only a body asked for with responseBody: 'stream' can be read in pieces`,
      );
    }
    if (!(this.#sink instanceof BodyReader)) return NO_PIECES;
    if (!decompress) return this.#sink;
    return decodeStream(this.#sink, this.#head!.header('content-encoding'), {
      label: this.#call.label,
      onFault: ({ failure }) => this.fail(failure),
    });
  }

  /**
   * Declares the request failed, also after it was counted. The first reason stays; on a request that has failed
   * already this does nothing.
   */
  fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    if (this.#recorded) this.#call.failLate(reason);
  }

  /** @internal From now on a failure is a late one. */
  markRecorded(): void {
    this.#recorded = true;
  }

  /**
   * @throws BodyError if the body is not what its content-encoding says, or is larger than
   * `maxBodyBytes` once it is decompressed; the request counts as failed
   * @throws TypeError if it was not kept
   */
  bytes(): Uint8Array {
    const decoded = (this.#decoded ??= this.#decode());
    if (decoded instanceof BodyError) throw decoded;
    return decoded;
  }

  /** The body in the charset of its content type, UTF-8 without one. */
  text(): string {
    const kept = this.#kept();
    if (kept === undefined) return '';
    const encoded = this.#call.prepared.decompress && kept.header('content-encoding') !== undefined;
    const charset = charsetOf(kept.header('content-type'));
    if (!encoded && charset === undefined) return kept.text();
    return new TextDecoder(charset).decode(this.bytes());
  }

  /** @throws SyntaxError that names the request and shows the body's beginning if it is not JSON */
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

  /** What `JSON.stringify` writes: everything but the body. */
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
      throw new TypeError(`${this.#call.label}: the body was not kept (responseBody is '${responseBody}')`);
    const last = this.#call.tally.last;
    return last?.kind === 'response' ? last : undefined;
  }

  /** A body that cannot be decoded is the target's fault, and is tried once. */
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

/** What a target's responses say again and again. */
let lastType: string | undefined;
let lastCharset: string | undefined;

/** A charset other than UTF-8 that is known here. */
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
