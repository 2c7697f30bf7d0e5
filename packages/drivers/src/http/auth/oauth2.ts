import { messageOf } from '@drumline/model';
import type { OAuth2Settings } from '../../settings/request-settings.js';
import type { RequestOptions } from '../options.js';

/** The response of the token endpoint. */
interface TokenResponse {
  readonly status: number;
  readonly failure: string | undefined;
  text(): string;
}

/** Sends the token request. */
export type PostToken = (url: string, options: RequestOptions) => Promise<TokenResponse>;

/** No token could be fetched. */
class OAuth2Error extends Error {
  override readonly name = 'OAuth2Error';
}

/** A token is renewed this long before it expires, or after four fifths of a shorter lifetime. */
const RENEW_BEFORE_MS = 60_000;
const RENEW_AFTER_PART = 0.8;
/** A token that is rejected is renewed, but not more often than this. */
const RENEW_REJECTED_EVERY_MS = 1_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

interface Token {
  readonly header: string;
  readonly fetchedAtMs: number;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** The token of a lane. It is fetched once for all users, however many wait for it. */
export class TokenSource {
  #token: Token | undefined;
  #fetching: Promise<void> | undefined;
  #failures = 0;

  constructor(
    private readonly settings: OAuth2Settings,
    private readonly post: PostToken,
    private readonly now: () => number,
    private readonly random: () => number = Math.random,
  ) {}

  /** The `authorization` header; undefined while there is no valid token. */
  get header(): string | undefined {
    const token = this.#token;
    return token !== undefined && this.now() < token.expiresAtMs ? token.header : undefined;
  }

  /**
   * Renews the token if it is due. @returns a promise to wait for if there is no valid token; it
   * rejects with an OAuth2Error
   */
  ready(): Promise<void> | undefined {
    const token = this.#token;
    if (token !== undefined && this.now() < token.renewAtMs) return undefined;
    const fetching = this.#fetch();
    if (this.header === undefined) return fetching;
    // The old token is valid for a while. A failure is repeated by a later request.
    fetching.catch(() => {});
    return undefined;
  }

  /** The target has rejected the token although it has not expired. */
  reject(): void {
    const token = this.#token;
    if (token === undefined || this.now() - token.fetchedAtMs < RENEW_REJECTED_EVERY_MS) return;
    this.#token = { ...token, renewAtMs: 0 };
  }

  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchOnce().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetchOnce(): Promise<void> {
    if (this.#failures > 0) {
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
    const sentAtMs = this.now();
    try {
      const { tokenUrl } = this.settings;
      const response = await this.post(tokenUrl, tokenRequest(this.settings));
      this.#token = this.#tokenOf(readToken(tokenUrl, response), sentAtMs);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      throw error instanceof OAuth2Error ? error : new OAuth2Error(messageOf(error), { cause: error });
    }
  }

  #tokenOf({ token, lifetimeMs }: Received, sentAtMs: number): Token {
    const aheadMs = Math.min(RENEW_BEFORE_MS, lifetimeMs * (1 - RENEW_AFTER_PART));
    // Lanes that fetched their tokens together renew them at different times.
    const renewAtMs = sentAtMs + lifetimeMs - aheadMs * (1 + this.random()) * 0.75;
    return {
      header: `Bearer ${token}`,
      fetchedAtMs: sentAtMs,
      renewAtMs,
      expiresAtMs: sentAtMs + lifetimeMs,
    };
  }
}

function tokenRequest(settings: OAuth2Settings): RequestOptions {
  const { clientId, clientSecret, scope, params, clientAuth = 'basic' } = settings;
  const login = Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64');
  return {
    headers: {
      accept: 'application/json',
      ...(clientAuth === 'basic' && { authorization: `Basic ${login}` }),
    },
    form: {
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
      ...(clientAuth === 'body' && { client_id: clientId, client_secret: clientSecret }),
      ...params,
    },
    redirects: 0,
    responseBody: 'keep',
    expect: 200,
  };
}

/** Credentials are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function encoded(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice(2);
}

interface Received {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** @throws OAuth2Error that names the endpoint and the reason */
function readToken(url: string, response: TokenResponse): Received {
  const refuse = (why: string): never => {
    throw new OAuth2Error(`OAuth 2: no token from ${url}: ${why}`);
  };
  if (response.status === 0) return refuse(response.failure ?? 'no response');
  const text = response.text();
  const body = parsed(text);
  const { error, error_description: description } = body;
  if (typeof error === 'string')
    return refuse(
      `${error}${typeof description === 'string' ? `: ${description}` : ''} (status ${response.status})`,
    );
  if (response.status !== 200) return refuse(`status ${response.status}`);
  const { access_token: token, token_type: type, expires_in: expiresIn } = body;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    return refuse('the response has no access_token');
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
    return refuse(`the token type '${type}' is not supported; only Bearer is`);
  const seconds = Number(expiresIn ?? NaN);
  return { token, lifetimeMs: seconds > 0 ? seconds * 1_000 : Infinity };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
