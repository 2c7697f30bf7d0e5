import { Cookie, CookieJar, MemoryCookieStore } from 'tough-cookie';
import { parseHttpUrl } from '../url/http-url.js';
import { CookieLimits, isTooLong } from './cookie-limits.js';

const REMEMBERED_URLS = 32;
const REMEMBERED_TEXTS = 256;

/** RFC 6265, section 4.1.1, plus the characters that browsers accept. */
// oxlint-disable-next-line no-control-regex -- must match control characters
const COOKIE_NAME = /^[^\0-\x20\x7f=;,]+$/;
// oxlint-disable-next-line no-control-regex -- must match control characters
const COOKIE_VALUE = /^[^\0-\x1f\x7f;]*$/;

const SET_TARGET = "pass a complete URL, or set target in scenario({ target: 'https://…' })";

/** Rejects cookies that a server would truncate or read as two. */
function requireSendable(name: string, value: string): void {
  if (typeof name !== 'string' || !COOKIE_NAME.test(name)) {
    throw new TypeError(
      `cookies: '${name}' is not a valid name: it must not be empty or contain a space, '=', ';' or ','`,
    );
  }
  if (typeof value !== 'string' || !COOKIE_VALUE.test(value) || value !== value.trim()) {
    throw new TypeError(
      `cookies: the value of ${name} must be a string without ';', line breaks or spaces at its ends: encode it with encodeURIComponent(…)`,
    );
  }
}

/**
 * The cookies of a user (RFC 6265). They are stored and sent automatically. Empty until a server or
 * the scenario sets one.
 */
export class Cookies {
  #jar: CookieJar | undefined;
  #limits: CookieLimits | undefined;
  /**
   * `cookie` headers by URL, cached while no cookie expires. Computing one with the jar costs more
   * than the rest of a request.
   */
  #headers: Map<string, string> | undefined;
  /** Last `set-cookie` text of each name, with its URL. */
  #lastSet: Map<string, string> | undefined;
  #expiring = false;

  /** @param baseUrl URL to use when a method gets none */
  constructor(private readonly baseUrl: string | undefined) {}

  /** Whether there is definitely no cookie to send. */
  get isEmpty(): boolean {
    return this.#jar === undefined;
  }

  /** The value of a cookie that would be sent to the URL (default: the target). */
  get(name: string, url?: string): string | undefined {
    const found = this.#jar?.getCookiesSync(this.#url(url)).find((cookie) => cookie.key === name);
    return found?.value;
  }

  /** All cookies that would be sent to the URL (default: the target). */
  all(url?: string): Record<string, string> {
    const cookies = this.#jar?.getCookiesSync(this.#url(url)) ?? [];
    return Object.fromEntries(cookies.map((cookie) => [cookie.key, cookie.value]));
  }

  /**
   * Sets a session cookie for every path of the URL's host (default: the target's).
   * @throws TypeError for an invalid URL, or if the name or value cannot be sent unchanged
   */
  set(name: string, value: string, url?: string): void {
    requireSendable(name, value);
    this.#changed();
    this.#lastSet?.delete(name);
    const home = this.#url(url);
    const secure = /^__(?:Host|Secure)-/i.test(name);
    if (secure && !home.startsWith('https:')) {
      throw new TypeError(`cookies: the prefix of ${name} requires an https: URL, not ${home}`);
    }
    this.#open().setCookieSync(new Cookie({ key: name, value, path: '/', secure }), home);
  }

  /** Removes all cookies. */
  clear(): void {
    this.#jar = undefined;
    this.#expiring = false;
    this.#lastSet = undefined;
    this.#changed();
  }

  /** The `cookie` header for a URL; empty if there is none to send. */
  header(url: string): string {
    if (this.#jar === undefined) return '';
    const headers = (this.#headers ??= new Map());
    const known = headers.get(url);
    if (known !== undefined) return known;
    const header = this.#jar.getCookieStringSync(url);
    if (!this.#expiring && headers.size < REMEMBERED_URLS) headers.set(url, header);
    return header;
  }

  /**
   * Stores the cookies of a response. As in browsers, invalid and oversized cookies are ignored,
   * and the oldest are evicted at the limits.
   */
  store(setCookies: readonly string[], url: string): void {
    const lastSet = (this.#lastSet ??= new Map());
    for (const text of setCookies) {
      if (isTooLong(text)) continue;
      const name = text.slice(0, text.indexOf('=')).trim();
      const source = `${url} ${text}`;
      const ends = /;\s*(?:expires|max-age)\s*=/i.test(text);
      if (!ends && lastSet.get(name) === source) continue;
      this.#expiring ||= ends;
      if (lastSet.size >= REMEMBERED_TEXTS) lastSet.clear();
      lastSet.set(name, source);
      this.#changed();
      const cookie = this.#open().setCookieSync(text, url, { ignoreError: true });
      if (cookie !== undefined) this.#limits!.added(cookie);
    }
  }

  #changed(): void {
    this.#headers = undefined;
  }

  #open(): CookieJar {
    if (this.#jar !== undefined) return this.#jar;
    const store = new MemoryCookieStore();
    this.#limits = new CookieLimits(store);
    return (this.#jar = new CookieJar(store, { looseMode: true, rejectPublicSuffixes: false }));
  }

  #resolved(url: string): string {
    if (/^https?:/i.test(url)) return parseHttpUrl(url, 'URL').href;
    if (!url.startsWith('/')) {
      throw new TypeError(
        `cookies: '${url}' must be a URL such as https://shop.example/ or a path such as /cart`,
      );
    }
    if (this.baseUrl === undefined)
      throw new TypeError(`cookies: '${url}' is a path, but there is no target: ${SET_TARGET}`);
    return new URL(url, this.baseUrl).href;
  }

  #url(url: string | undefined): string {
    if (url !== undefined) return this.#resolved(url);
    if (this.baseUrl !== undefined) return this.baseUrl;
    throw new TypeError(`cookies: there is no target: ${SET_TARGET}`);
  }
}
