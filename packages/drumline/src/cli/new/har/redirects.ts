import type { Step } from '../recording/step.js';
import type { HarEntry } from './har.js';

/** A request with all its redirects, as Drumline counts it. */
export interface Exchange {
  readonly entry: HarEntry;
  /** When the last response was there, milliseconds. */
  readonly endedMs: number;
  readonly options: Step['options'];
}

/** A browser follows a redirect within this time; a later request is a separate visit. */
const AT_ONCE_MS = 3_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Puts each redirect and what it led to together: the request of the first, the response of the
 * last.
 */
export function joinRedirects(entries: readonly HarEntry[]): Exchange[] {
  const joined = new Set<HarEntry>();
  return entries.flatMap((first, index) => {
    if (joined.has(first)) return [];
    let last = first;
    let cookies = first.response.cookies;
    for (;;) {
      const url = locationOf(last);
      const follows = (entry: HarEntry): boolean =>
        entry.url.href === url && !joined.has(entry) && entry.startedMs < last.endedMs + AT_ONCE_MS;
      const next = url === undefined ? undefined : entries.slice(index + 1).find(follows);
      if (!next) break;
      joined.add(next);
      cookies = { ...cookies, ...next.response.cookies };
      last = next;
    }
    const stays = locationOf(last);
    const leaves = stays !== undefined && !entries.some(({ url }) => url.origin === new URL(stays).origin);
    // From http to https, or to www: a person would go there at once.
    const asked = first.method === 'GET' && first.url.origin !== last.url.origin ? last : first;
    const entry = { ...asked, response: { ...last.response, cookies } };
    // It leads to a host that is left out: there it ends.
    const options = leaves ? { redirects: 0, expect: last.response.status } : {};
    return [{ entry, endedMs: Math.max(first.endedMs, last.endedMs), options }];
  });
}

function locationOf({ url, response, location }: HarEntry): string | undefined {
  if (!REDIRECTS.has(response.status) || location === '' || !URL.canParse(location, url.href))
    return undefined;
  const target = new URL(location, url.href);
  target.hash = '';
  return target.href;
}
