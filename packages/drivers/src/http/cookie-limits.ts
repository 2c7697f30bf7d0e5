import type { Cookie, MemoryCookieStore } from 'tough-cookie';

/** Limits of browsers: RFC 6265bis, section 5.6, and Chromium's cookie monster. */
const MAX_PAIR_LENGTH = 4096;
const MAX_TEXT_LENGTH = 16 * 1024;
const MAX_PER_DOMAIN = 180;
const MAX_IN_ALL = 3_000;

/** Whether a `set-cookie` exceeds the limit of browsers: 4,096 bytes of name and value. */
export function isTooLong(text: string): boolean {
  const semicolon = text.indexOf(';');
  const pairLength = semicolon === -1 ? text.length : semicolon;
  return pairLength > MAX_PAIR_LENGTH + 1 || text.length > MAX_TEXT_LENGTH;
}

/** Limits the number of cookies per domain and in total. At the limit, the oldest are evicted. */
export class CookieLimits {
  /** By domain, then by path and name, in the order of setting. */
  readonly #domains = new Map<string, Map<string, Cookie>>();
  #count = 0;

  constructor(private readonly store: MemoryCookieStore) {}

  /** Counts a cookie that was just set. */
  added(cookie: Cookie): void {
    const domain = cookie.domain ?? '';
    const id = `${cookie.path} ${cookie.key}`;
    const cookies = this.#domains.get(domain) ?? new Map<string, Cookie>();
    this.#domains.set(domain, cookies);
    if (!cookies.delete(id)) this.#count++;
    cookies.set(id, cookie);
    if (cookies.size > MAX_PER_DOMAIN) this.#removeOldest(domain, cookies);
    if (this.#count > MAX_IN_ALL) {
      this.#removeOldest(...this.#domains.entries().next().value!);
    }
  }

  #removeOldest(domain: string, cookies: Map<string, Cookie>): void {
    const [id, { path, key }] = cookies.entries().next().value!;
    cookies.delete(id);
    this.#count--;
    if (cookies.size === 0) this.#domains.delete(domain);
    const paths = this.store.idx[domain];
    const names = paths?.[path ?? ''];
    if (names === undefined) return;
    delete names[key];
    if (Object.keys(names).length === 0) delete paths![path ?? ''];
    if (Object.keys(paths!).length === 0) delete this.store.idx[domain];
  }
}
