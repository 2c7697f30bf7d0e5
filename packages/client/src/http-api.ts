import { API_ERRORS, messageOf, type ApiErrorName } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire/views';
import { ApiError } from './api-error.js';
import { unlessAborted } from './unless-aborted.js';

const REQUEST_TIMEOUT_MS = 10_000;

interface StreamOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests to a control API, and the errors of failed ones. */
export class HttpApi {
  /** Without a trailing slash. */
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws TypeError if the URL or the token is malformed */
  constructor(
    url: string,
    token: string | undefined,
    private readonly send: typeof fetch = (...request) => fetch(...request),
    private readonly timeoutMs = REQUEST_TIMEOUT_MS,
  ) {
    const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
    if (protocol !== 'http:' && protocol !== 'https:')
      throw new TypeError(`'${url}' is not an http or https URL, such as http://127.0.0.1:8089`);
    this.url = url.replace(/\/+$/, '');
    const text = token?.trim();
    // The message of `fetch` would quote the token.
    if (text !== undefined && !/^[\x21-\x7e]+$/.test(text)) throw new TypeError('the token is malformed');
    this.#headers = text === undefined ? {} : { authorization: `Bearer ${text}` };
  }

  /** Sends a request with an optional body of JSON. @throws ApiError */
  async request<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
    timeoutMs = this.timeoutMs,
  ): Promise<T> {
    return await this.#requestJson(path, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  /** Sends bytes. @throws ApiError */
  async put<T>(path: string, bytes: Uint8Array): Promise<T> {
    const headers = { 'content-type': 'application/octet-stream' };
    // The types of Node 20 do not accept views of shared memory, which these never are.
    return await this.#requestJson(path, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, headers });
  }

  async #requestJson<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { ...this.#headers, ...(init.headers as Record<string, string>) };
    const { status, text } = await this.#answer(path, { ...init, headers });
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw this.#notAMaster(status, error);
    }
  }

  /** Requests a text. @throws ApiError */
  async text(path: string): Promise<string> {
    const { text } = await this.#answer(path, { headers: this.#headers });
    return text;
  }

  /** The whole answer, within the time limit. */
  async #answer(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
    const signal = init.signal ?? AbortSignal.timeout(this.timeoutMs);
    const response = await this.#fetch(path, { ...init, signal });
    try {
      return { status: response.status, text: await unlessAborted(response.text(), signal) };
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  /**
   * Opens a stream that lasts until the server ends it, it is canceled, or the signal aborts.
   * @throws ApiError, also if the signal aborts
   */
  async openStream(path: string, options: StreamOptions): Promise<ReadableStream<Uint8Array>> {
    return (await this.openFile(path, options)).body;
  }

  /** Opens a stream, with the headers of its response. @throws ApiError as `openStream` */
  async openFile(
    path: string,
    { signal, headers: given }: StreamOptions,
  ): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly headers: Headers }> {
    const { body, headers, status } = await this.#fetch(path, {
      headers: { ...this.#headers, ...given },
      ...(signal && { signal }),
    });
    if (!body) throw this.#notAMaster(status, undefined);
    return { body, headers };
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    let response;
    try {
      const answer = this.send(this.url + path, init);
      response = await (init.signal ? unlessAborted(answer, init.signal) : answer);
    } catch (error) {
      throw this.#unreachable(error);
    }
    if (!response.ok) throw await this.#rejected(response, init.signal);
    return response;
  }

  async #rejected(response: Response, signal: AbortSignal | null | undefined): Promise<ApiError> {
    const { status } = response;
    const body = signal ? unlessAborted(response.json(), signal) : response.json();
    const problem = (await body.catch((error: unknown) => {
      if (signal?.aborted === true) throw this.#unreachable(error);
      return null;
    })) as ApiProblem | null;
    if (typeof problem?.error !== 'string' || !isKnown(problem.code))
      return this.#notAMaster(status, undefined);
    return new ApiError(problem.code, problem.error, problem.hint, status, undefined, problem.problems);
  }

  #unreachable(error: unknown): ApiError {
    const cause = causeOf(error);
    const untrusted = whyUntrusted(cause);
    if (untrusted !== undefined)
      return new ApiError(
        'certificate-untrusted',
        `the certificate of ${this.url} is not trusted: ${untrusted}`,
        'Trust its authority: with the environment variable NODE_EXTRA_CA_CERTS, or with a `fetch` that does.',
        undefined,
        { cause: error },
      );
    return new ApiError(
      'unreachable',
      `no master answers at ${this.url}: ${messageOf(cause) || 'no connection'}`,
      otherScheme(this.url, cause) ??
        'Check that the master runs and that the URL is the one it printed as its control API.',
      undefined,
      { cause: error },
    );
  }

  #notAMaster(status: number, cause: unknown): ApiError {
    return new ApiError(
      'not-a-master',
      `the server at ${this.url} is not a Drumline master`,
      'Use the URL that the master prints as its control API.',
      status,
      { cause },
    );
  }
}

/** Only a master sends these codes. */
function isKnown(code: unknown): code is ApiErrorName {
  return typeof code === 'string' && Object.hasOwn(API_ERRORS, code);
}

/** Codes of Node for certificates. Browsers do not tell why a connection failed. */
const CERTIFICATE_CODES =
  /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;

/** Why a certificate is not trusted; undefined if the failure has another cause. */
function whyUntrusted(cause: unknown): string | undefined {
  return CERTIFICATE_CODES.test(codeOf(cause)) ? messageOf(cause) : undefined;
}

/** A hint if the server seems to speak TLS, and the URL does not say so, or the other way round. */
function otherScheme(url: string, cause: unknown): string | undefined {
  const code = codeOf(cause);
  if (url.startsWith('https:') && (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER'))
    return 'The server does not use TLS: begin the URL with http://.';
  if (url.startsWith('http:') && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET'))
    return 'If the control API uses TLS, begin the URL with https://.';
  return undefined;
}

/** Errors of `fetch` may be of another realm, where `instanceof` does not help. */
function causeOf(error: unknown): unknown {
  const hasCause = typeof error === 'object' && error !== null && 'cause' in error;
  return hasCause && error.cause !== undefined ? error.cause : error;
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
