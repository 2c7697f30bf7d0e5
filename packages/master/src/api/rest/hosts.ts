/** Whether only programs on this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** Formats the host for a URL: wildcards become loopback, IPv6 addresses get brackets. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The host name of a `Host` header, without the port. */
export function hostOfHeader(header: string): string {
  return header.replace(/:\d+$/, '');
}
