import { API_ERRORS, messageOf, type ApiErrorName } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire/views';
import { ApiError } from './api-error.js';

const REQUEST_TIMEOUT_MS = 10_000;

/** Requests to a control API, and the errors of failed ones. */
export class HttpApi {
  /** Without a trailing slash. */
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws TypeError if the URL or the token is malformed */
  constructor(url: string, token: string | undefined) {
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
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    return await this.#requestJson(path, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    });
  }

  /** Sends bytes. @throws ApiError */
  async put<T>(path: string, bytes: Uint8Array): Promise<T> {
    const headers = { 'content-type': 'application/octet-stream' };
    // The types of Node 20 do not accept views of shared memory, which these never are.
    return await this.#requestJson(path, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, headers });
  }

  async #requestJson<T>(path: string, init: RequestInit): Promise<T> {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const headers = { ...this.#headers, ...(init.headers as Record<string, string>) };
    const response = await this.#fetch(path, { ...init, signal, headers });
    const text = await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw this.#notAMaster(response.status, error);
    }
  }

  /** Requests a text. @throws ApiError */
  async text(path: string): Promise<string> {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await this.#fetch(path, { signal, headers: this.#headers });
    return await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
  }

  /**
   * Opens a stream that lasts until the server ends it, it is canceled, or the signal aborts.
   * @throws ApiError, also if the signal aborts
   */
  async openStream(
    path: string,
    { signal, headers }: { signal?: AbortSignal | undefined; headers?: Readonly<Record<string, string>> },
  ): Promise<ReadableStream<Uint8Array>> {
    const { body, status } = await this.#fetch(path, {
      headers: { ...this.#headers, ...headers },
      ...(signal && { signal }),
    });
    if (!body) throw this.#notAMaster(status, undefined);
    return body;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    let response;
    try {
      response = await fetch(this.url + path, init);
    } catch (error) {
      throw this.#unreachable(error);
    }
    if (!response.ok) throw await this.#rejected(response);
    return response;
  }

  async #rejected(response: Response): Promise<ApiError> {
    const { status } = response;
    const problem = (await response.json().catch(() => null)) as ApiProblem | null;
    if (typeof problem?.error !== 'string' || !isKnown(problem.code))
      return this.#notAMaster(status, undefined);
    return new ApiError(problem.code, problem.error, problem.hint, status);
  }

  #unreachable(error: unknown): ApiError {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new ApiError(
      'unreachable',
      `no master answers at ${this.url}: ${messageOf(cause) || 'no connection'}`,
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
