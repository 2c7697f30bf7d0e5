import type { Step } from '../recording/step.js';
import type { HarEntry } from './har.js';

/** A request with all its redirects, which Drumline counts as one request. */
export interface Exchange {
  readonly entry: HarEntry;
  /** End of the last response, milliseconds since the epoch. */
  readonly endedMs: number;
  readonly options: Step['options'];
}

/** A browser follows a redirect within this time. A later request is not part of it. */
const REDIRECT_WINDOW_MS = 3_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Joins redirects: the exchange has the first request and the last response. */
export function joinRedirects(entries: readonly HarEntry[]): Exchange[] {
  const joined = new Set<HarEntry>();
  return entries.flatMap((first, index) => {
    if (joined.has(first)) return [];
    let last = first;
    let cookies = first.response.cookies;
    for (;;) {
      const url = locationOf(last);
      const follows = (entry: HarEntry): boolean =>
        entry.url.href === url && !joined.has(entry) && entry.startedMs < last.endedMs + REDIRECT_WINDOW_MS;
      const next = url === undefined ? undefined : entries.slice(index + 1).find(follows);
      if (!next) break;
      joined.add(next);
      cookies = { ...cookies, ...next.response.cookies };
      last = next;
    }
    const stays = locationOf(last);
    const leaves = stays !== undefined && !entries.some(({ url }) => url.origin === new URL(stays).origin);
    // A redirect from http to https or to www: request the final URL directly.
    const asked = first.method === 'GET' && first.url.origin !== last.url.origin ? last : first;
    const entry = { ...asked, response: { ...last.response, cookies } };
    // Do not follow a redirect to a host that is left out.
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
