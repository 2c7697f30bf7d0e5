/** Second levels that are open to everyone below a country: `co.uk`, `com.au`. */
const PUBLIC_SECOND_LEVELS = new Set(['ac', 'co', 'com', 'edu', 'gov', 'govt', 'ne', 'net', 'or', 'org']);

/**
 * What belongs together: `shop.example` of `api.shop.example`. Addresses and single names are sites
 * of their own.
 */
export function siteOf(hostname: string): string {
  const labels = hostname.split('.');
  if (/^[\d.]+$|^\[/.test(hostname) || labels.length <= 2) return hostname;
  const country = labels.at(-1)!.length === 2 && PUBLIC_SECOND_LEVELS.has(labels.at(-2)!);
  return labels.slice(country ? -3 : -2).join('.');
}

/** Whether a host is one of these, or lies below one. */
export function isAmong(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * The host that a person means by `Shop.example`, `bücher.example`, `*.shop.example` or a URL, as
 * URLs write it; undefined if the text is not a host.
 */
export function hostNameOf(text: string): string | undefined {
  const bare = text.trim().replace(/^\*?\./, '');
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare.replace(/^\w+/, 'http') : `http://${bare}`;
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : '';
  return host === '' || host.includes('*') ? undefined : host;
}
