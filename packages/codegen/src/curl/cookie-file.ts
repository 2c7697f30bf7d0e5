/**
 * The cookies of a cookie file that match a URL. The file has lines in Netscape format, or
 * `Set-Cookie:` headers.
 * @param nowS current time, seconds since the epoch
 * @returns `a=1; b=2`, or an empty string
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
  // Cookies with longer paths come first: RFC 6265, section 5.4.
  const sorted = cookies.toSorted((one, other) => other.path.length - one.path.length);
  return sorted.map(({ text }) => text).join('; ');
}

/** Like curl, treats loopback as secure without TLS. */
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
