/** Common public second-level domains below country codes: `co.uk`, `com.au`. */
const PUBLIC_SECOND_LEVELS = new Set(['ac', 'co', 'com', 'edu', 'gov', 'govt', 'ne', 'net', 'or', 'org']);

/**
 * The site of a host: `shop.example` for `api.shop.example`. IP addresses and single names are
 * returned unchanged.
 */
export function siteOf(hostname: string): string {
  const labels = hostname.split('.');
  if (/^[\d.]+$|^\[/.test(hostname) || labels.length <= 2) return hostname;
  const country = labels.at(-1)!.length === 2 && PUBLIC_SECOND_LEVELS.has(labels.at(-2)!);
  return labels.slice(country ? -3 : -2).join('.');
}

/** Whether a host is one of `hosts`, or a subdomain of one. */
export function isAmong(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * Normalizes a host name as URLs do. Accepts `Shop.example`, `bücher.example`, `*.shop.example` and
 * URLs.
 * @returns undefined if the text is not a host
 */
export function hostNameOf(text: string): string | undefined {
  const bare = text.trim().replace(/^\*?\./, '');
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare.replace(/^\w+/, 'http') : `http://${bare}`;
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : '';
  return host === '' || host.includes('*') ? undefined : host;
}
