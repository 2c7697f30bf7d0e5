import type { Duration } from '@drumline/model';
import type { Fields } from '../calls/headers.js';
import type { Verdict } from '../calls/verdict.js';
import type { ResponseBody } from '../settings/http-settings.js';
import type { HttpResponse } from './response.js';
import type { StreamedBody } from './upload-body.js';

/** The value of one field of a multipart form: text, bytes or a file. */
export type MultipartValue = string | Uint8Array | MultipartFile;

/** A file in a multipart form. */
export interface MultipartFile {
  readonly content: string | Uint8Array;
  readonly filename?: string;
  /** Default: `application/octet-stream` if there is a file name, otherwise none. */
  readonly contentType?: string;
}

/**
 * Decides whether a request passes. It replaces the default, which is any status below 400.
 *
 * Give one status, a list of statuses, or a function that checks the response. The request passes
 * if the function returns `true` or nothing, whatever its status. It fails if the function returns
 * `false` or a string, which is the reason. If the function throws, the request fails with the
 * error's message. The function is not called for requests without a response, such as a timeout:
 * these always fail.
 */
export type Expectation =
  number | readonly number[] | ((response: HttpResponse) => Verdict | Promise<Verdict>);

/** Options of one request. Set at most one of `json`, `form`, `multipart` and `body`. */
export interface RequestOptions {
  /** The name in the report. Default: the path without its query; see `HttpClient`. */
  readonly name?: string;
  /** Tags of the series, in addition to the tags of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Replace the client's headers of the same name. `undefined` removes a header. */
  readonly headers?: Fields;
  /** Added to the query of the URL. An array repeats the name. */
  readonly query?: Fields;
  /** Sent as JSON, with the content type `application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Fields;
  /** Sent as `multipart/form-data`. */
  readonly multipart?: Readonly<Record<string, MultipartValue | readonly MultipartValue[]>>;
  /**
   * Sent unchanged, without a default content type.
   *
   * A stream can be sent only once: the request fails if a redirect or an authentication challenge
   * requires sending it again. Give a function that creates the stream to allow this.
   */
  readonly body?: string | Uint8Array | StreamedBody | (() => StreamedBody);
  /**
   * Length of a streamed `body` in bytes, sent as `content-length`. Without it, HTTP/1.1 uses
   * chunked encoding.
   */
  readonly bodyLength?: number;
  /**
   * Limit from the call to the last byte, redirects included. Default: the client's, which is 60 s
   * unless set.
   */
  readonly timeout?: Duration;
  /**
   * Limit for name lookup, TCP and TLS together. Default: the client's, which is 10 s unless set.
   */
  readonly connectTimeout?: Duration;
  /** Limit from sending the request to the response headers. Default: the client's, or none. */
  readonly firstByteTimeout?: Duration;
  /** Maximum number of redirects to follow. 0 returns the redirect response. Default 5. */
  readonly redirects?: number;
  /** Decides whether the request passes. Default: any status below 400. */
  readonly expect?: Expectation;
  /** `false` closes the connection after this request. Default: the client's. */
  readonly keepAlive?: boolean;
  /** What to do with the response body. Default: the client's, which is `keep` unless set. */
  readonly responseBody?: ResponseBody;
  /** `false` leaves the body compressed, as received. Default `true`. */
  readonly decompress?: boolean;
  /**
   * Maximum size of a kept body in bytes, both as received and decompressed. Larger bodies fail the
   * request. For server-sent events, it limits each event. 0 means no limit. Default: the client's,
   * which is 64 MiB unless set.
   */
  readonly maxBodyBytes?: number;
}

/** Options of a stream of server-sent events. Each connection is a request in the report. */
export interface EventOptions extends Omit<RequestOptions, 'expect' | 'responseBody' | 'decompress'> {
  /** HTTP method. Default `GET`. */
  readonly method?: string;
  /** Sent as `last-event-id`. The server may resume after this event. */
  readonly lastEventId?: string;
  /** Ends the loop without an error after this time. Default: when the server ends the stream. */
  readonly listenFor?: Duration;
  /**
   * Reconnects when the stream ends or is cut off, after the delay the server asks for (3 s by
   * default). A response that is not an event stream ends the loop. Default `false`.
   */
  readonly reconnect?: boolean;
  /** Limit from the request to the end of the stream. Default: none. */
  readonly timeout?: Duration;
  /**
   * Limit from sending the request to the response headers. Default: the client's
   * `firstByteTimeout`, or its `timeout` if that is not set.
   */
  readonly firstByteTimeout?: Duration;
}
