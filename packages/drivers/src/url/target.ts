import { credentialsOf, parseHttpUrl, requireBasicName } from './http-url.js';

/** A resolved URL, split for sending. */
export interface ResolvedUrl {
  /** `https://shop.example:8443` */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Default name of the series. */
  readonly name: string;
  /** `Basic …` if the URL has a user name. */
  readonly authorization?: string;
}

/** A relative URL without a target. Such a request can never be sent. */
class NoTargetError extends TypeError {
  readonly code = 'DRUMLINE_NO_TARGET';
}

/** Whether an error is a `NoTargetError`, even from another copy of this package. */
export function lacksTarget(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'DRUMLINE_NO_TARGET'
  );
}

/**
 * A path that URL parsing leaves unchanged: no dot segments, host or fragment, nothing to encode.
 */
const PLAIN_PATH =
  /^(?:\/[A-Za-z0-9\-_~!$&()*+,;=:@][A-Za-z0-9\-_~!$&()*+,;=:@%.]*)+\/?(?:\?[A-Za-z0-9\-_~!$&()*+,;=:@%./?]*)?$/;

const CACHE_LIMIT = 2_000;

/**
 * Resolves the URLs of users against the target of the plan. As in Locust, a path is appended to
 * the target's own path: with the target `https://api.example/v2`, `/users` is
 * `https://api.example/v2/users`.
 *
 * The name is the URL without the query, so `/products?page=1` and `?page=2` are one series. It is
 * the path for the target itself, and origin and path for other origins.
 */
export class Target {
  readonly #base: URL | undefined;
  readonly #prefix: string;
  readonly #login: { readonly authorization?: string };
  readonly #cache = new Map<string, ResolvedUrl>();

  /** @throws TypeError if the target is not an `http:` or `https:` URL */
  constructor(baseUrl: string | undefined) {
    this.#base = baseUrl === undefined ? undefined : parseHttpUrl(baseUrl, 'target');
    this.#login = loginOf(this.#base);
    this.#prefix = this.#base?.pathname.replace(/\/+$/, '') ?? '';
  }

  get href(): string | undefined {
    return this.#base?.href;
  }

  /** @throws TypeError for an invalid URL, or a relative URL without a target */
  resolve(url: string): ResolvedUrl {
    const known = this.#cache.get(url);
    if (known !== undefined) return known;
    const resolved = /^https?:\/\//i.test(url) ? this.#absolute(url) : this.#relative(url);
    if (this.#cache.size < CACHE_LIMIT) this.#cache.set(url, resolved);
    return resolved;
  }

  #absolute(url: string): ResolvedUrl {
    const parsed = parseHttpUrl(url, 'URL');
    const home = parsed.origin === this.#base?.origin;
    return take(
      parsed,
      home ? parsed.pathname : parsed.origin + parsed.pathname,
      home ? this.#base : undefined,
    );
  }

  #relative(url: string): ResolvedUrl {
    if (this.#base !== undefined && PLAIN_PATH.test(url)) {
      const end = url.indexOf('?');
      return {
        origin: this.#base.origin,
        path: this.#prefix + url,
        name: end < 0 ? url : url.slice(0, end),
        ...this.#login,
      };
    }
    if (/^[a-z][a-z0-9+.-]*:/i.test(url))
      throw new TypeError(`'${url}': only http: and https: URLs can be requested`);
    if (this.#base === undefined) {
      throw new NoTargetError(
        `'${url}' is a relative URL and there is no target: set target in scenario({ target: 'https://…' }) or pass --target`,
      );
    }
    const path = url.startsWith('/') || url.startsWith('?') || url === '' ? url : `/${url}`;
    const parsed = parseHttpUrl(this.#base.origin + this.#prefix + path, 'URL');
    return take(parsed, path.split(/[?#]/, 1)[0] || '/', this.#base);
  }
}

function take(url: URL, name: string, base: URL | undefined): ResolvedUrl {
  const login = url.username !== '' ? url : base;
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    name,
    ...loginOf(login),
  };
}

/** The `authorization` header for the credentials in a URL. */
export function loginOf(url: URL | undefined): { readonly authorization?: string } {
  return url === undefined || url.username === '' ? {} : { authorization: basicAuth(url) };
}

function basicAuth(url: URL): string {
  const { username, password } = credentialsOf(url);
  return basicAuthorization(username, password);
}

/** @throws TypeError for a user name with a colon */
export function basicAuthorization(username: string, password: string): string {
  requireBasicName(username);
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
