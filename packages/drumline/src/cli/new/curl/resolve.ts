import { isIP } from 'node:net';

/** A name with the addresses that stand for it, as `http.hosts` takes them. */
export type Resolved = readonly [host: string, addresses: string[]];

/** `[+]host:port:address[,address…]` as `--resolve` takes it; undefined for anything else. */
export function readResolve(value: string): Resolved | undefined {
  const [, host = '', port = '', addresses = ''] = /^\+?([^:*]+):(\d+):(.+)$/.exec(value) ?? [];
  const list = addresses.split(',').map((address) => address.replaceAll(/[[\]]/g, ''));
  return host === '' || !list.every((address) => isIP(address) > 0) ? undefined : [`${host}:${port}`, list];
}

/**
 * `host:port:address:port` as `--connect-to` takes it; undefined if it leads to a name, or leaves
 * the host open.
 */
export function readConnectTo(value: string): Resolved | undefined {
  const [, host = '', port = '', written = '', toPort = ''] =
    /^([^:[\]]+):(\d*):(\[[^\]]+\]|[^:]+):(\d*)$/.exec(value) ?? [];
  const address = written.replaceAll(/[[\]]/g, '');
  if (host === '' || isIP(address) === 0) return undefined;
  const bracketed = isIP(address) === 6 && toPort !== '' ? `[${address}]` : address;
  return [port === '' ? host : `${host}:${port}`, [toPort === '' ? address : `${bracketed}:${toPort}`]];
}
