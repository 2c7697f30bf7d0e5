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
  /** Sent as it is, without a content type of its own. */
  readonly body?: string | Uint8Array;
  /** From the call to the last byte, redirects included. Default: the client's, which is 60 s. */
  readonly timeout?: Duration;
  /** How many redirects to follow; 0 returns the redirect itself. Default 5. */
  readonly redirects?: number;
  readonly expect?: Expectation;
  /** `false`: on a connection that is closed afterwards. */
  readonly keepAlive?: boolean;
  /** `false`: the body stays as the server sent it. Default `true`. */
  readonly decompress?: boolean;
}
