import { messageOf } from '@drumline/model';
import { decodeBody } from './decode.js';
import { ResponseHeaders } from './response-headers.js';
import type { VerdictState } from './verdict.js';

/** Where the time of the last request of a chain went, milliseconds. */
export interface ResponseTiming {
  /** Name look-up, TCP and TLS; 0 on a kept connection. */
  readonly connectMs: number;
  /** From sending to the first byte of the response. */
  readonly waitMs: number;
  /** From the first byte to the last. */
  readonly receiveMs: number;
}

export interface ResponseInit {
  /** `GET /products`, for messages. */
  readonly label: string;
  readonly status: number;
  readonly statusText: string;
  readonly rawHeaders: () => readonly string[];
  readonly body: Uint8Array;
  readonly decompress: boolean;
  readonly url: string;
  readonly redirects: readonly string[];
  readonly durationMs: number;
  readonly timing: ResponseTiming;
}

const EMPTY = new Uint8Array(0);

/**
 * What a request brought. The body is in memory, and is decompressed and decoded when it is first looked at. A request
 * without a response (refused, time-out, …) gives one too: `status` 0, `failure` says why, the body is empty.
 */
export class HttpResponse {
  /** 0 if there was no response. */
  readonly status: number;
  readonly statusText: string;
  /** Of the response itself, after redirects. */
  readonly url: string;
  /** The URLs that were passed through before, the first one asked for first. */
  readonly redirects: readonly string[];
  /** From the call to the last byte, redirects included. */
  readonly durationMs: number;
  readonly timing: ResponseTiming;

  readonly #init: ResponseInit;
  readonly #verdict: VerdictState;
  #headers: ResponseHeaders | undefined;
  #decoded: Uint8Array | undefined;

  constructor(init: ResponseInit, verdict: VerdictState) {
    this.status = init.status;
    this.statusText = init.statusText;
    this.url = init.url;
    this.redirects = init.redirects;
    this.durationMs = init.durationMs;
    this.timing = init.timing;
    this.#init = init;
    this.#verdict = verdict;
  }

  /** Whether the status is 200 to 299; says nothing about `expect`. */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** Whether the request counts as failed in the report. */
  get failed(): boolean {
    return this.#verdict.failure !== undefined;
  }

  /** Why it counts as failed: `status 503`, `connection refused`, … */
  get failure(): string | undefined {
    return this.#verdict.failure;
  }

  get headers(): ResponseHeaders {
    return (this.#headers ??= new ResponseHeaders(this.#init.rawHeaders()));
  }

  /**
   * Declares the request failed, also after it was counted. The first reason stays; on a request that has failed
   * already this does nothing.
   */
  fail(reason: string): void {
    this.#verdict.fail(reason);
  }

  /** @throws Error if the body is not what its content-encoding says */
  bytes(): Uint8Array {
    return (this.#decoded ??= this.#decode());
  }

  /** The body in the charset of its content type, UTF-8 without one. */
  text(): string {
    return new TextDecoder(charsetOf(this.headers.get('content-type'))).decode(this.bytes());
  }

  /** @throws SyntaxError that names the request and shows the body's beginning if it is no JSON */
  json<T = unknown>(): T {
    const text = this.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const why =
        this.status === 0
          ? `there was no response: ${this.failure}`
          : `${messageOf(cause)}${beginning(text)}`;
      throw new SyntaxError(`${this.#init.label}: the body is no JSON (${why})`, { cause });
    }
  }

  #decode(): Uint8Array {
    const { body, decompress, label } = this.#init;
    if (body.length === 0 || !decompress) return body.length === 0 ? EMPTY : body;
    try {
      return decodeBody(body, this.headers.get('content-encoding'));
    } catch (cause) {
      throw new Error(`${label}: ${messageOf(cause)}`, { cause });
    }
  }
}

function charsetOf(contentType: string | null): string {
  const charset = contentType === null ? undefined : /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  if (charset === undefined) return 'utf-8';
  try {
    return new TextDecoder(charset).encoding;
  } catch {
    return 'utf-8';
  }
}

function beginning(text: string): string {
  return text === '' ? '; it is empty' : `; it begins ${JSON.stringify(text.slice(0, 60))}`;
}
