import { isIP } from 'node:net';

/** A host name and its addresses, as `http.hosts` expects them. */
export type Resolved = readonly [host: string, addresses: string[]];

/** Parses `[+]host:port:address[,address…]` of `--resolve`; undefined for anything else. */
export function readResolve(value: string): Resolved | undefined {
  const [, host = '', port = '', addresses = ''] = /^\+?([^:*]+):(\d+):(.+)$/.exec(value) ?? [];
  const list = addresses.split(',').map((address) => address.replaceAll(/[[\]]/g, ''));
  return host === '' || !list.every((address) => isIP(address) > 0) ? undefined : [`${host}:${port}`, list];
}

/**
 * Parses `host:port:address:port` of `--connect-to`; undefined unless host and IP address are set.
 */
export function readConnectTo(value: string): Resolved | undefined {
  const [, host = '', port = '', written = '', toPort = ''] =
    /^([^:[\]]+):(\d*):(\[[^\]]+\]|[^:]+):(\d*)$/.exec(value) ?? [];
  const address = written.replaceAll(/[[\]]/g, '');
  if (host === '' || isIP(address) === 0) return undefined;
  const bracketed = isIP(address) === 6 && toPort !== '' ? `[${address}]` : address;
  return [port === '' ? host : `${host}:${port}`, [toPort === '' ? address : `${bracketed}:${toPort}`]];
}
