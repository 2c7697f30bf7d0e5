import { isIP } from 'node:net';

/** `[+]host:port:address[,address…]` as `--resolve` takes it; undefined for anything else. */
export function readResolve(value: string): readonly [host: string, addresses: string[]] | undefined {
  const [, host, addresses = ''] = /^\+?([^:]+):\d+:(.+)$/.exec(value) ?? [];
  const list = addresses.split(',').map((address) => address.replaceAll(/[[\]]/g, ''));
  return host === undefined || !list.every((address) => isIP(address) > 0) ? undefined : [host, list];
}
