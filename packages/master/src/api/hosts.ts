/** Addresses that only programs of this machine reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** The host of a URL that reaches a server bound to `host`: wildcards become loopback, IPv6 gets its brackets. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The host name of a `Host` header, without the port. */
export function hostOfHeader(header: string): string {
  return header.replace(/:\d+$/, '');
}
