import type { CurlOptions } from './options.js';

/** Headers that browsers add to requests of a page. */
const BROWSER_HEADERS =
  /^(?:sec-(?:fetch|ch)-.*|accept-language|accept-encoding|upgrade-insecure-requests|dnt|priority|te)$/i;

/**
 * Whether a command comes from a browser's "Copy as cURL": it has a browser's user agent and
 * several headers that people do not write. Only then are browser headers left out.
 */
export function isFromBrowser({ headers, userAgent, compressed }: CurlOptions): boolean {
  const agent = headers.find(({ name }) => name.toLowerCase() === 'user-agent')?.value ?? userAgent ?? '';
  const signs = headers.filter(({ name }) => BROWSER_HEADERS.test(name)).length + (compressed ? 1 : 0);
  return agent.startsWith('Mozilla/') && signs >= 2;
}
