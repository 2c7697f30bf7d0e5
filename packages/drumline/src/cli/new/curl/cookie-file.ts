/**
 * The cookies of a file that a request to a URL carries: lines of Netscape's format, or of
 * `Set-Cookie:` headers.
 * @returns `a=1; b=2`, or an empty text
 */
export function cookiesFor(url: URL, file: string, nowS: number): string {
  const cookies = file.split(/\r?\n/).flatMap((line): { path: string; text: string }[] => {
    const header = /^Set-Cookie:\s*([^;=]+=[^;]*)/i.exec(line)?.[1];
    if (header !== undefined) return [{ path: '', text: header.trim() }];
    const fields = line.replace(/^#HttpOnly_/, '').split('\t');
    if (line.startsWith('#') && !line.startsWith('#HttpOnly_')) return [];
    const [domain = '', subdomains = '', path = '', secure = '', expires = '', name = '', value = ''] =
      fields;
    const isCurrent = expires === '0' || Number(expires) > nowS;
    const isSent =
      fields.length >= 6 &&
      isCurrent &&
      matchesDomain(url.hostname, domain, subdomains) &&
      matchesPath(url.pathname, path) &&
      (secure !== 'TRUE' || isSecure(url));
    return isSent ? [{ path, text: `${name}=${value}` }] : [];
  });
  // Those of longer paths come first: RFC 6265, section 5.4.
  const sorted = cookies.toSorted((one, other) => other.path.length - one.path.length);
  return sorted.map(({ text }) => text).join('; ');
}

/** curl trusts its own machine without TLS. */
function isSecure({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  );
}

function matchesDomain(host: string, written: string, subdomains: string): boolean {
  const domain = written.replace(/^\./, '').toLowerCase();
  return host === domain || (subdomains === 'TRUE' && host.endsWith(`.${domain}`));
}

function matchesPath(path: string, cookiePath: string): boolean {
  const prefix = cookiePath.replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`);
}
