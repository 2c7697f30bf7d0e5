import { Cookie, CookieJar } from 'tough-cookie';

/** A user's cookies (RFC 6265), sent and kept by themselves. Empty until a server or the scenario sets one. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** @param baseUrl where the methods look when no URL is given */
  constructor(private readonly baseUrl: string | undefined) {}

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

  /** Sets a session cookie for every path of the URL's host (default: the target's). */
  set(name: string, value: string, url?: string): void {
    this.#open().setCookieSync(new Cookie({ key: name, value, path: '/' }), this.#url(url));
  }

  clear(): void {
    this.#jar = undefined;
  }

  /** The `cookie` header for a URL; empty if there is nothing to send. */
  header(url: string): string {
    return this.#jar === undefined ? '' : this.#jar.getCookieStringSync(url);
  }

  /** Keeps what a response set; what does not follow the rules is ignored, as browsers do. */
  store(setCookies: readonly string[], url: string): void {
    for (const text of setCookies) this.#open().setCookieSync(text, url, { ignoreError: true });
  }

  #open(): CookieJar {
    return (this.#jar ??= new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false }));
  }

  #url(url: string | undefined): string {
    if (url !== undefined) return /^https?:/i.test(url) ? url : new URL(url, this.baseUrl).href;
    if (this.baseUrl !== undefined) return this.baseUrl;
    throw new TypeError('there is no target: pass the URL whose cookies are meant');
  }
}
