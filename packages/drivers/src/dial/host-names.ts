import net from 'node:net';

/** A host as connections use it, with the port if one was given. */
export interface HostName {
  /**
   * Lower case, punycode, without the trailing dot. IP addresses are in their shortest form,
   * without brackets.
   */
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Parses a host from user input: `Shop.example`, `bücher.example:8443`, `[::1]:80`, `::1`. All
 * settings use it.
 * @throws TypeError with the reason if no connection to it is possible
 */
export function readHostName(text: string): HostName {
  if (text !== text.trim() || text === '')
    throw new TypeError(`'${text}' is not a valid host: it must not be empty or have spaces around it`);
  if (net.isIPv6(text)) return { host: canonical(`[${text}]`, text), port: undefined };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new TypeError(`'${text}' is a URL: write only the host${suggestion(text)}`);
  }
  if (text.includes('*')) throw new TypeError(`'${text}' has a wildcard: list each host separately`);
  const [, host, digits] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (host === undefined || host === '' || /[\s/?#@\\[\]%]/.test(host.replace(/^\[(.*)\]$/, '$1'))) {
    throw new TypeError(
      `'${text}' is not a valid host: write 'shop.example', 'shop.example:8443' or '[2001:db8::7]:8443'`,
    );
  }
  return { host: canonical(host, text), port: digits === undefined ? undefined : portOf(digits, text) };
}

/**
 * Parses a host name without a port, as for `servername`.
 * @throws TypeError with the reason if it is invalid
 */
export function readServerName(text: string): string {
  const { host, port } = readHostName(text);
  if (port !== undefined) throw new TypeError(`remove the port from '${text}': a server name has none`);
  return host;
}

/** The trailing dot of an absolute name is neither looked up nor verified (RFC 6066, section 3). */
export function withoutFinalDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Parsed as in URLs, so that both always agree. */
function canonical(host: string, text: string): string {
  try {
    const { hostname } = new URL(`http://${host}`);
    const name = withoutFinalDot(hostname.replace(/^\[|\]$/g, ''));
    if (name !== '') return name;
  } catch {
    // Reported below.
  }
  throw new TypeError(`'${text}' is not a valid host name or IP address`);
}

function portOf(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new TypeError(`the port of '${text}' must be a number from 1 to 65535`);
}

function suggestion(url: string): string {
  try {
    const { host } = new URL(url);
    return host === '' ? '' : `, '${host}'`;
  } catch {
    return '';
  }
}
