import { credentialsOf, parseHttpUrl, requireBasicName } from './http-url.js';

/** A URL taken apart for sending. */
export interface ResolvedUrl {
  /** `https://shop.example:8443` */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** What the series is called unless the request names it. */
  readonly name: string;
  /** `Basic …` if the URL carried a user name. */
  readonly authorization?: string;
}

/**
 * A relative URL where there is nothing that it is relative to: no such request can ever be sent.
 */
class NoTargetError extends TypeError {
  readonly code = 'DRUMLINE_NO_TARGET';
}

/** Whether something thrown is a `NoTargetError`, also one of another copy of this package. */
export function lacksTarget(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'DRUMLINE_NO_TARGET'
  );
}

/** A path that parsing as a URL leaves as it is: no dots to resolve, nothing to encode, no host, no fragment. */
const PLAIN_PATH =
  /^(?:\/[A-Za-z0-9\-_~!$&()*+,;=:@][A-Za-z0-9\-_~!$&()*+,;=:@%.]*)+\/?(?:\?[A-Za-z0-9\-_~!$&()*+,;=:@%./?]*)?$/;

const CACHE_LIMIT = 2_000;

/**
 * Resolves what users pass as URL against the target of the plan. A path is appended to the target's own path, as
 * Locust does: with the target `https://api.example/v2`, `/users` is `https://api.example/v2/users`.
 *
 * The name is what was asked for without the query, so that `/products?page=1` and `?page=2` are one series: the path for the
 * target itself, origin and path for anything else.
 */
export class Target {
  readonly #base: URL | undefined;
  readonly #prefix: string;
  readonly #login: { readonly authorization?: string };
  readonly #cache = new Map<string, ResolvedUrl>();

  /** @throws TypeError if the target is no `http:` or `https:` URL */
  constructor(baseUrl: string | undefined) {
    this.#base = baseUrl === undefined ? undefined : parseHttpUrl(baseUrl, 'target');
    this.#login = loginOf(this.#base);
    this.#prefix = this.#base?.pathname.replace(/\/+$/, '') ?? '';
  }

  get href(): string | undefined {
    return this.#base?.href;
  }

  /** @throws TypeError if the URL cannot be understood, or is relative while there is no target */
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

/** The `authorization` header of the credentials in a URL. */
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
