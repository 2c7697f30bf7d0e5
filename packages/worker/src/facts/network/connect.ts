import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { messageOf, type AddressFacts, type LookupFacts, type Millis } from '@drumline/model';

/** How long to wait for a connection or a handshake. */
export const LIMIT_MS: Millis = 3_000;
/** More addresses of a name are not tried. */
const MOST_ADDRESSES = 8;

/** Where a host can be reached. */
export interface Place {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Looks a name up twice, as lanes do, and connects to each of its addresses. */
export async function reach({ host, port }: Place): Promise<{
  readonly lookup?: LookupFacts;
  readonly addresses: readonly AddressFacts[];
}> {
  if (net.isIP(host) !== 0) return { addresses: [await connectTo(host, port)] };
  const startedMs = performance.now();
  try {
    const found = await lookup(host, { all: true });
    const firstMs = performance.now() - startedMs;
    await lookup(host, { all: true });
    const secondMs = performance.now() - startedMs - firstMs;
    const all = [...new Set(found.map(({ address }) => address))].slice(0, MOST_ADDRESSES);
    const addresses = await Promise.all(all.map((address) => connectTo(address, port)));
    return { lookup: { firstMs, secondMs }, addresses };
  } catch (error) {
    const ms = performance.now() - startedMs;
    return { lookup: { firstMs: ms, secondMs: ms, problem: reasonOf(error) }, addresses: [] };
  }
}

/** Opens a TCP connection to an address, and closes it. */
async function connectTo(address: string, port: number): Promise<AddressFacts> {
  const family = net.isIPv6(address) ? 6 : 4;
  const startedMs = performance.now();
  const problem = await new Promise<string | undefined>((resolve) => {
    const socket = net.connect({ host: address, port });
    const end = (why?: string): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(LIMIT_MS, () => end(`no answer within ${LIMIT_MS / 1_000} s`));
    socket.on('connect', () => end());
    socket.on('error', (error) => end(reasonOf(error)));
  });
  const ms = performance.now() - startedMs;
  return { address, family, ms, ...(problem !== undefined && { problem }) };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'the host is unreachable',
  EADDRNOTAVAIL: 'no local address or port is left',
  ENOTFOUND: 'the name does not exist',
  EAI_AGAIN: 'no name server answers',
};

/** Why a connection or lookup failed, in words. */
export function reasonOf(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code);
  return REASONS[code] ?? messageOf(error);
}
