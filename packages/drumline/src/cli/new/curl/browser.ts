import type { CurlOptions } from './options.js';

/** Headers that browsers add to what a page asks for. */
const OF_BROWSERS =
  /^(?:sec-(?:fetch|ch)-.*|accept-language|accept-encoding|upgrade-insecure-requests|dnt|priority|te)$/i;

/**
 * Whether a command is recognizably what a browser's "Copy as cURL" wrote: the name of a browser
 * and headers that people do not write. Only then headers are noise.
 */
export function isFromBrowser({ headers, userAgent, compressed }: CurlOptions): boolean {
  const agent = headers.find(({ name }) => name.toLowerCase() === 'user-agent')?.value ?? userAgent ?? '';
  const signs = headers.filter(({ name }) => OF_BROWSERS.test(name)).length + (compressed ? 1 : 0);
  return agent.startsWith('Mozilla/') && signs >= 2;
}
