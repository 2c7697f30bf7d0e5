import type { Duration } from '@drumline/model';
import type { HttpResponse } from './response.js';

/** A value that is written as text; `undefined` and `null` leave the field out. */
export type FieldValue = string | number | boolean | null | undefined;

/** Names with a value, or several values of one name. */
export type Fields = Readonly<Record<string, FieldValue | readonly FieldValue[]>>;

/** A file or value of a multipart form. */
export type MultipartValue = string | Uint8Array | MultipartFile;

export interface MultipartFile {
  readonly content: string | Uint8Array;
  readonly filename?: string;
  /** Default `application/octet-stream` with a file name, none without. */
  readonly contentType?: string;
}

/**
 * What counts as passed, in place of the default (any status below 400):
 * one status, several, or a function that looks at the response. A function that returns `true` or nothing passes the
 * request whatever its status; `false` or a text fails it (the text is the reason); throwing fails it with the
 * error's message. A request without a response (refused, time-out, …) fails without being asked about.
 */
export type Expectation =
  number | readonly number[] | ((response: HttpResponse) => Verdict | Promise<Verdict>);

// oxlint-disable-next-line no-invalid-void-type -- a function that returns nothing is welcome
export type Verdict = boolean | string | void;

/**
 * What becomes of a response's body:
 * - `keep`: it is in memory for `text()`, `json()` and `bytes()`; the default
 * - `discard`: it is read and counted, nothing more
 * - `hash`: as `discard`, and `sha256` tells what it was
 * - `stream`: the call returns when the head is there, and `body` gives the pieces as they come in
 */
export type ResponseBody = 'keep' | 'discard' | 'hash' | 'stream';

/** A body that is made while it is sent: any async iterable of bytes or text, such as a file's `createReadStream`. */
export type StreamedBody = AsyncIterable<Uint8Array | string>;

/** Options of one request. Give at most one of `json`, `form`, `multipart` and `body`. */
export interface RequestOptions {
  /** The name in the report. Default: the path without its query; see `HttpClient`. */
  readonly name?: string;
  /** Tags of the series, beside those of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Override the client's headers of the same name; `undefined` leaves one out. */
  readonly headers?: Fields;
  /** Added to the URL's own query; an array repeats the name. */
  readonly query?: Fields;
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Fields;
  /** Sent as `multipart/form-data`. */
  readonly multipart?: Readonly<Record<string, MultipartValue | readonly MultipartValue[]>>;
  /**
   * Sent as it is, without a content type of its own. A stream is read while it is sent, and cannot be sent again to where a redirect
   * points, or with the answer to a challenge; a function that makes it can be asked again.
   */
  readonly body?: string | Uint8Array | StreamedBody | (() => StreamedBody);
  /** Length of a streamed `body` in bytes: sent as `content-length`. Without it HTTP/1.1 sends chunks. */
  readonly bodyLength?: number;
  /** From the call to the last byte, redirects included. Default: the client's, which is 60 s. */
  readonly timeout?: Duration;
  /** Name look-up, TCP and TLS together. Default: the client's, which is 10 s. */
  readonly connectTimeout?: Duration;
  /** From the request being sent to the response's head. Default: the client's, which is no limit. */
  readonly firstByteTimeout?: Duration;
  /** How many redirects to follow; 0 returns the redirect itself. Default 5. */
  readonly redirects?: number;
  readonly expect?: Expectation;
  /** `false`: on a connection that is closed afterwards. */
  readonly keepAlive?: boolean;
  /** Default: the client's, which is `keep`. */
  readonly responseBody?: ResponseBody;
  /** `false`: the body stays as the server sent it. Default `true`. */
  readonly decompress?: boolean;
  /**
   * The request fails if its kept body is larger, as received or decompressed. Of a stream of
   * events it limits each event. Bytes; 0 means no limit. Default: the client's, which is 64 MiB.
   */
  readonly maxBodyBytes?: number;
}

/** Options of a stream of events. Each connection is a request of its own. */
export interface EventOptions extends Omit<RequestOptions, 'expect' | 'responseBody' | 'decompress'> {
  /** Default `GET`. */
  readonly method?: string;
  /** Sent as `last-event-id`, for servers that can go on after it. */
  readonly lastEventId?: string;
  /** Ends the loop in good order after this time. Default: when the server ends the stream. */
  readonly listenFor?: Duration;
  /**
   * Connects again when the stream ends or breaks off, after as long as the server wishes (3 s if it says nothing). An answer that is no
   * stream of events ends it. Default `false`.
   */
  readonly reconnect?: boolean;
  /** From the request to the end of the stream. Default: no limit. */
  readonly timeout?: Duration;
  /** From the request being sent to the response's head. Default: the client's, and if it has none its `timeout`. */
  readonly firstByteTimeout?: Duration;
}
