import { once } from 'node:events';
import net from 'node:net';
import { codeOf } from '../engine/socket-errors.js';

/** The local addresses that connections start from, in rotation. */
export class OwnAddresses {
  readonly #byFamily = new Map<number, string[]>();
  #turn = 0;

  /** @throws TypeError if an entry is not an address */
  constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      const family = net.isIP(address);
      if (family === 0)
        throw new TypeError(`invalid network options: localAddresses: '${address}' is not an IP address`);
      const known = this.#byFamily.get(family);
      if (known === undefined) this.#byFamily.set(family, [address]);
      else known.push(address);
    }
  }

  /** The only family that is reachable from them; 0 if both are. */
  get family(): 0 | 4 | 6 {
    if (this.#byFamily.size !== 1) return 0;
    return this.#byFamily.has(4) ? 4 : 6;
  }

  /** The local address for a connection to this peer; undefined leaves the choice to the system. */
  next(peer: string): string | undefined {
    if (this.#byFamily.size === 0) return undefined;
    const own = this.#byFamily.get(net.isIP(peer))!;
    return own[this.#turn++ % own.length];
  }
}

/**
 * Finds the first address that this machine does not have; undefined if it has them all. Each
 * address is tried, because a machine may have more than its interfaces list.
 */
export async function findForeignAddress(addresses: readonly string[]): Promise<string | undefined> {
  for (const address of addresses) {
    const server = net.createServer();
    try {
      await once(server.listen(0, address), 'listening');
    } catch (error) {
      if (codeOf(error) === 'EADDRNOTAVAIL') return address;
    } finally {
      server.close();
    }
  }
  return undefined;
}
